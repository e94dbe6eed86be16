import { type LedgerId, type LedgerTransfer, lateChargeIds, type TransferState } from '@kivuko/accounting'
import type { DifferenceKind } from '@kivuko/connector'

/** Why the books agree after all: the packet was charged, it was not taken, or another row of it says more. */
export type DifferenceEnd = 'charged' | 'not-taken' | 'superseded'

export interface JudgedDifference {
  readonly kind: DifferenceKind
  readonly packetId: LedgerId
  /** Another row of the same packet knows more: a late fulfillment of one that was noted as never answered. */
  readonly isSuperseded: boolean
}

/** As the ledger has them, by id; those that do not exist are absent. */
export type Transfers = ReadonlyMap<LedgerId, Pick<LedgerTransfer, 'state'>>

// Which ends of a reservation tell that a packet of this kind is no difference. A version that left reservations to their
// timeout voided them by a late reject; a later one may void a packet of which the next hop says nothing.
const ENDED_BY: Readonly<Record<DifferenceKind, Partial<Record<TransferState, DifferenceEnd>>>> = {
  unanswered: { posted: 'charged', voided: 'not-taken' },
  released: { posted: 'charged' },
  abandoned: { posted: 'charged' },
  'fulfilled-late': {},
  'answer-gone': {},
  shortfall: {},
  'beyond-maximum': {},
  doubtful: {},
}

/** The transfers that tell whether a packet is charged: its own and those of a late charge. */
export function chargeIdsOf(packetId: LedgerId): LedgerId[] {
  return [packetId, ...lateChargeIds(packetId)]
}

/** Those that `endOf` looks at: of kinds that only an operator ends, none. */
export function idsToJudge({ kind, packetId }: JudgedDifference): LedgerId[] {
  return Object.keys(ENDED_BY[kind]).length === 0 ? [] : chargeIdsOf(packetId)
}

/** Undefined: the books may still differ by this packet, until an operator closes the difference. */
export function endOf(difference: JudgedDifference, transfers: Transfers): DifferenceEnd | undefined {
  const { kind, packetId, isSuperseded } = difference
  if (isSuperseded) return 'superseded'
  const ends = ENDED_BY[kind]
  if (ends.posted && isCharged(packetId, transfers)) return ends.posted
  const state = transfers.get(packetId)?.state
  return state && ends[state]
}

export function isCharged(packetId: LedgerId, transfers: Transfers): boolean {
  return chargeIdsOf(packetId).some((id) => transfers.get(id)?.state === 'posted')
}

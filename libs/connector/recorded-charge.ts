import { type Ledger, type LedgerId, type LedgerTransfer, lateChargeIds, legId } from '@kivuko/accounting'
import { type Destination, ledgerIdOf, type Packet } from './packet.js'

/** What the ledger recorded when the same bytes came before. */
export interface RecordedCharge {
  /** The reservation, or the transfer of a packet that ended here: a leg or two, the packet's own id first. */
  readonly legs: readonly LedgerTransfer[]
  /** Charged by a transfer of its own, since its reservation had ended before its post. */
  readonly isChargedLate: boolean
}

/** Undefined when the ledger knows nothing of these bytes. Throws when it cannot be read. */
export async function readRecordedCharge(ledger: Ledger, packet: Packet): Promise<RecordedCharge | undefined> {
  packet.ledgerWasAsked = true
  return recordedChargeFrom(await ledger.lookup(idsOfCharge(ledgerIdOf(packet))), ledgerIdOf(packet))
}

/** Every id under which a packet may be charged. */
export function idsOfCharge(packetId: LedgerId): LedgerId[] {
  return [packetId, legId(packetId, 1), ...lateChargeIds(packetId)]
}

export function recordedChargeFrom(
  found: ReadonlyMap<LedgerId, LedgerTransfer>,
  packetId: LedgerId,
): RecordedCharge | undefined {
  const legs = [packetId, legId(packetId, 1)].flatMap((id) => found.get(id) ?? [])
  const isChargedLate = lateChargeIds(packetId).some((id) => found.has(id))
  return legs.length === 0 && !isChargedLate ? undefined : { legs, isChargedLate }
}

/**
 * The leg that credits this account; undefined when the packet went to another one then. Which of the legs it is depends on
 * the assets and on a surplus.
 */
export function creditTo({ legs }: RecordedCharge, { accountId }: Pick<Destination, 'accountId'>) {
  return legs.find(({ creditAccountId }) => creditAccountId === accountId)
}

import type { Transfer } from 'tigerbeetle-node'
import { type LedgerId, legId } from '../ids.js'
import { type Leg, TransferCode } from '../transfer.js'
import { counterpartOf, creditLineOf, roomOf } from './accounts.js'
import { COMPANION, FULL_AMOUNT, KIND, NOTHING, TRANSFER_FLAG } from './fields.js'

/** Which of a leg's accounts have a room. */
export interface Rooms {
  readonly debit: boolean
  readonly credit: boolean
}

/** The ids of an end, tried in turn: one that was refused too early is not taken again by the cluster. */
export const END_ATTEMPTS = 4

// Indexes of what is derived from a leg's id, far above those of a payment's legs.
const DERIVED = { debitCompanion: 65_537, creditCompanion: 65_538, post: 131_072, void: 196_608 } as const

/** A leg and what must move with it, in order; the leg itself comes first. */
export function legTransfers(leg: Leg, timeoutSeconds: number | undefined, rooms: Rooms): Transfer[] {
  const pending = timeoutSeconds !== undefined
  const main: Transfer = {
    ...blankTransfer(leg.id),
    debit_account_id: leg.debitAccountId,
    credit_account_id: leg.creditAccountId,
    amount: leg.amount,
    user_data_128: leg.reference ?? NOTHING,
    user_data_64: pending ? KIND.reservation : KIND.posted,
    user_data_32: (rooms.debit ? COMPANION.debit : 0) | (rooms.credit ? COMPANION.credit : 0),
    timeout: timeoutSeconds ?? 0,
    ledger: leg.ledger,
    code: leg.code,
    flags: pending ? TRANSFER_FLAG.pending : 0,
  }
  return [main, ...companions(leg, rooms).map((sides) => ({ ...main, ...sides, ...COMPANION_FIELDS }))]
}

/**
 * Sent in place of a leg whose account is not open. The cluster would refuse the leg itself and keep its id as failed for
 * ever. It refuses this one as malformed, after it has checked the id, and does not keep the id.
 */
export function malformedLeg(leg: Leg): Transfer {
  const { id, debitAccountId, creditAccountId, amount, code } = leg
  const sides = { debit_account_id: debitAccountId, credit_account_id: creditAccountId }
  return { ...blankTransfer(id), ...sides, amount, code, ledger: NO_LEDGER }
}

const NO_LEDGER = 0

const COMPANION_FIELDS = { user_data_128: NOTHING, user_data_64: KIND.companion, user_data_32: 0 }

type Sides = Pick<Transfer, 'id' | 'debit_account_id' | 'credit_account_id'>

function companions(leg: Leg, rooms: Rooms): Sides[] {
  const isCredit = leg.code === TransferCode.credit
  const companionOf = isCredit ? creditLineOf : roomOf
  const counterpart = counterpartOf(leg.ledger)
  const debit: Sides = {
    id: legId(leg.id, DERIVED.debitCompanion),
    debit_account_id: companionOf(leg.debitAccountId),
    credit_account_id: counterpart,
  }
  const credit: Sides = {
    id: legId(leg.id, DERIVED.creditCompanion),
    debit_account_id: counterpart,
    credit_account_id: companionOf(leg.creditAccountId),
  }
  return [...(isCredit || rooms.debit ? [debit] : []), ...(isCredit || rooms.credit ? [credit] : [])]
}

export type End = 'post' | 'void'

/** The id under which a reservation's end is recorded: derived, so that a reservation's state can be looked up. */
export function endId(reservation: LedgerId, end: End, attempt: number): LedgerId {
  return legId(reservation, DERIVED[end] + attempt)
}

/** Ends a reservation and its companions, which `companionBits` (its user_data_32) name. */
export function endTransfers(id: LedgerId, end: End, attempt: number, companionBits: number): Transfer[] {
  const pendings = [
    id,
    ...(companionBits & COMPANION.debit ? [legId(id, DERIVED.debitCompanion)] : []),
    ...(companionBits & COMPANION.credit ? [legId(id, DERIVED.creditCompanion)] : []),
  ]
  return pendings.map((pendingId) => ({
    ...blankTransfer(endId(pendingId, end, attempt)),
    pending_id: pendingId,
    amount: end === 'post' ? FULL_AMOUNT : NOTHING,
    user_data_64: KIND.end,
    flags: end === 'post' ? TRANSFER_FLAG.post : TRANSFER_FLAG.void,
  }))
}

/** Marks transfers as one chain: all but the last are linked to the next. */
export function linked(transfers: readonly Transfer[]): Transfer[] {
  const last = transfers.length - 1
  return transfers.map((transfer, index) =>
    index === last ? transfer : { ...transfer, flags: transfer.flags | TRANSFER_FLAG.linked },
  )
}

export function blankTransfer(id: LedgerId): Transfer {
  return {
    id,
    debit_account_id: NOTHING,
    credit_account_id: NOTHING,
    amount: NOTHING,
    pending_id: NOTHING,
    user_data_128: NOTHING,
    user_data_64: NOTHING,
    user_data_32: 0,
    timeout: 0,
    ledger: 0,
    code: 0,
    flags: 0,
    timestamp: NOTHING,
  }
}

import type { Clock } from '@kivuko/platform'

/**
 * Why a ledger declined. The first leg that cannot stand decides, in the order the names have here: form, repetition, accounts,
 * limits; and for reservations, what became of them.
 */
export type Refusal =
  | 'invalid-chain'
  | 'invalid-id'
  | 'repeated-id'
  | 'invalid-amount'
  | 'invalid-ledger'
  | 'invalid-code'
  | 'invalid-timeout'
  | 'invalid-reference'
  | 'same-accounts'
  | 'exists-with-different-content'
  | 'already-refused'
  | 'unknown-debit-account'
  | 'unknown-credit-account'
  | 'different-ledgers'
  | 'insufficient-funds'
  | 'insufficient-room'
  | 'unknown-account'
  | 'no-maximum'
  | 'unknown-reservation'
  | 'already-posted'
  | 'already-voided'
  | 'expired'

/**
 * The answer to a chain. `leg` is the index of the first leg that was refused. `unknown` means that no answer came in time:
 * the chain may stand or not, wholly; ask again with the same ids, or look them up.
 */
export type Outcome =
  | { readonly kind: 'accepted'; readonly repeated: boolean }
  | { readonly kind: 'refused'; readonly leg: number; readonly refusal: Refusal }
  | { readonly kind: 'unknown'; readonly message: string }

/** What was asked for after its time: it was not begun. */
export const overdue: Outcome = { kind: 'unknown', message: 'The time for it was over before it was begun.' }

export function isOver(untilMs: number | undefined, clock: Clock): boolean {
  return untilMs !== undefined && untilMs <= clock.nowMs()
}

export const accepted: Outcome = { kind: 'accepted', repeated: false }
export const repeated: Outcome = { kind: 'accepted', repeated: true }

export function refused(leg: number, refusal: Refusal): Outcome {
  return { kind: 'refused', leg, refusal }
}

import { assert, InvariantError } from '@kivuko/platform'
import type { Refusal } from '../outcome.js'

/** Results of single events that are not refusals of the port (TigerBeetle 0.17, create_transfers). */
export const STATUS = {
  created: 4_294_967_295,
  linkedEventFailed: 1,
  exists: 46,
  ledgerMustNotBeZero: 19,
  idAlreadyFailed: 68,
}

const EXISTS_WITH_DIFFERENT = [36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 67]

const REFUSALS = new Map<number, Refusal>([
  ...EXISTS_WITH_DIFFERENT.map((status) => [status, 'exists-with-different-content'] as const),
  [46, 'exists-with-different-content'],
  [68, 'already-refused'],
  [21, 'unknown-debit-account'],
  [22, 'unknown-credit-account'],
  [23, 'different-ledgers'],
  [24, 'different-ledgers'],
  [25, 'unknown-reservation'],
  [26, 'unknown-reservation'],
  [33, 'already-posted'],
  [34, 'already-voided'],
  [35, 'expired'],
  [53, 'invalid-timeout'],
  [54, 'insufficient-funds'],
  [55, 'insufficient-room'],
])

/** Asserts that the cluster answered every event: one without an answer may have been applied or not. */
export function answerForEach<Result>(results: readonly Result[], events: readonly unknown[]): readonly Result[] {
  assert(events.length > 0, 'the cluster is asked for at least one event')
  assert(
    results.length === events.length,
    `the cluster answers for each of ${events.length} events, found ${results.length}`,
  )
  return results
}

export function transferRefusal(status: number): Refusal {
  const refusal = REFUSALS.get(status)
  if (refusal === undefined)
    throw new InvariantError(`TigerBeetle's create_transfers status ${status} is one we expect`)
  return refusal
}

/** The id is taken, by the same or by something else: flags differ already when a leg comes in another chain. */
export function isTaken(status: number): boolean {
  return status === STATUS.exists || EXISTS_WITH_DIFFERENT.includes(status)
}

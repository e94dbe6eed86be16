import type { Db } from '@kivuko/platform'
import { checkPayment, checkRemaining, currentInterval } from './check-limits.js'
import type { Grant, GrantedPayment, SpentAmounts } from './grant.js'
import { insertSpentAmounts, type Kept, lockGrant, lowerSpentAmounts, readTotals } from './grant-spending.queries.js'
import { intervalAt, parseRepeatingInterval } from './interval.js'
import { spentIn } from './spent-amounts.js'

/**
 * Takes a payment's amounts off its grant, in the transaction that makes the payment: it waits for others under the same
 * grant, and a payment beyond the limits throws DomainError('forbidden', 'BeyondGrant'). Answers what is spent with it.
 */
export async function reserveFromGrant(db: Db, grant: Grant, payment: GrantedPayment, at: Date): Promise<SpentAmounts> {
  const limits = grant.limits ?? {}
  const interval = currentInterval(limits, at)
  checkPayment(limits, payment)
  await lockGrant(db, grant, at)
  checkRemaining(limits, payment, spentIn(await readTotals(db, grant, interval), limits))
  await insertSpentAmounts(db, grant, payment, interval, at)
  return spentIn(await readTotals(db, grant, interval), limits)
}

/**
 * Gives back what a payment that has ended did not use, to the interval it was made in, in the transaction that ends it.
 * For a payment without a grant, and for one that was settled before, it does nothing.
 */
export function settleWithGrant(db: Db, paymentId: string, kept: Kept, at: Date): Promise<void> {
  return lowerSpentAmounts(db, paymentId, kept, at)
}

/** What is spent in the grant's current interval: nothing where there is none. */
export async function spentFromGrant(db: Db, grant: Grant, at: Date): Promise<SpentAmounts> {
  const { limits = {} } = grant
  const repeating = limits.interval === undefined ? undefined : parseRepeatingInterval(limits.interval)
  const interval = repeating && intervalAt(repeating, at.getTime())
  const isOver = limits.interval !== undefined && interval === undefined
  return spentIn(isOver ? [] : await readTotals(db, grant, interval), limits)
}

import { DomainError } from '@kivuko/platform'
import type { GrantedPayment, SpentAmounts } from './grant.js'
import { type Interval, intervalAt, parseRepeatingInterval } from './interval.js'
import type { Amount, Limits } from './limits.js'

/** The interval whose amounts count now; undefined for a grant without one. Throws where the grant covers no such time. */
export function currentInterval({ interval: text }: Limits, at: Date): Interval | undefined {
  if (text === undefined) return undefined
  const repeating = parseRepeatingInterval(text)
  if (repeating === undefined) throw beyondGrant(`its interval "${text}" is no repeating interval of ISO 8601`)
  const interval = intervalAt(repeating, at.getTime())
  if (interval === undefined) throw beyondGrant(`its interval ${text} does not cover ${at.toISOString()}`)
  return interval
}

/** What can be said of a payment by itself. */
export function checkPayment(limits: Limits, { receiver, debitAmount, receiveAmount }: GrantedPayment): void {
  if (limits.debitAmount && limits.receiveAmount) {
    throw beyondGrant('it limits both debitAmount and receiveAmount, which the specification does not allow')
  }
  if (limits.receiver !== undefined && limits.receiver !== receiver) {
    throw beyondGrant(`it is for the receiver ${limits.receiver}, not for ${receiver}`)
  }
  checkAmount('debitAmount', limits.debitAmount, debitAmount, 0n)
  checkAmount('receiveAmount', limits.receiveAmount, receiveAmount, 0n)
}

/** Whether the payment fits into what earlier ones have left. */
export function checkRemaining(limits: Limits, payment: GrantedPayment, spent: SpentAmounts): void {
  checkAmount('debitAmount', limits.debitAmount, payment.debitAmount, spent.debitAmount?.value ?? 0n)
  checkAmount('receiveAmount', limits.receiveAmount, payment.receiveAmount, spent.receiveAmount?.value ?? 0n)
}

function checkAmount(side: keyof SpentAmounts, limit: Amount | undefined, amount: Amount, spentValue: bigint): void {
  if (limit === undefined) return
  if (!isSameAsset(limit, amount)) {
    throw beyondGrant(`its ${side} is in ${assetName(limit)}, and the payment's in ${assetName(amount)}`)
  }
  if (spentValue + amount.value > limit.value) {
    throw beyondGrant(
      `its ${side} is ${limit.value}, ${spentValue} of it is spent, and the payment needs ${amount.value}`,
    )
  }
}

export function isSameAsset(one: Omit<Amount, 'value'>, other: Omit<Amount, 'value'>): boolean {
  return one.assetCode === other.assetCode && one.assetScale === other.assetScale
}

function assetName({ assetCode, assetScale }: Amount): string {
  return `${assetCode} of scale ${assetScale}`
}

function beyondGrant(why: string): DomainError {
  return new DomainError('forbidden', 'BeyondGrant', `The grant does not allow this payment: ${why}`)
}

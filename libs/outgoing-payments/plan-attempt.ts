import { closedBecause, deliverableFloor, missingAmount, neededCeil, type Receiver } from '@kivuko/payment-methods'
import { amountText, type Quote, quotedPrice } from '@kivuko/quotes'

/** What is known of a payment before an attempt. Amounts are in minor units of their side. */
export interface Progress {
  /** By the ledger: what has left the payment's account, and what is reserved there. */
  readonly sentAmount: bigint
  readonly pendingAmount: bigint
  /** By the row, or by the receiver since: of how much that was sent it is known what has arrived, and that. */
  readonly recordedSentAmount: bigint
  readonly recordedDeliveredAmount: bigint
  /** The last attempt's end is unknown: it has to be made again, whatever has become of the quote. */
  readonly isEndUnknown: boolean
}

/** What to do now. `deliveredBefore`: what has arrived already, as surely as it can be told. */
export type AttemptPlan =
  | {
      readonly kind: 'pay'
      readonly deliveredBefore: bigint
      readonly sourceAmount: bigint
      readonly deliverAmount: bigint
    }
  | { readonly kind: 'completed'; readonly deliveredBefore: bigint }
  | { readonly kind: 'failed'; readonly deliveredBefore: bigint; readonly reason: string; readonly message: string }

/** Decides from what is known, without acting. */
export function planAttempt(quote: Quote, progress: Progress, receiver: Receiver, nowMs: number): AttemptPlan {
  const deliveredBefore = deliveredAtLeast(quote, progress)
  // A local payment leaves whole or not at all; the receiver's side has still to be told.
  if (quote.method === 'local' && progress.sentAmount > 0n) {
    return {
      kind: 'pay',
      deliveredBefore: 0n,
      sourceAmount: progress.sentAmount,
      deliverAmount: lesser(deliveredBefore, quote.receiveAmount),
    }
  }
  if (deliveredBefore >= quote.receiveAmount) return { kind: 'completed', deliveredBefore }
  const fail = (reason: string, message: string): AttemptPlan => ({ kind: 'failed', deliveredBefore, reason, message })

  if (nowMs >= quote.expiresAt.getTime() && !progress.isEndUnknown) {
    return fail('QuoteExpired', `The quote expired at ${quote.expiresAt.toISOString()}, before all was sent`)
  }
  const { code, scale } = receiver.asset
  const arrived = `${amountText(deliveredBefore, receiver.asset)} of ${amountText(quote.receiveAmount, receiver.asset)}`
  if (code !== quote.receiveAssetCode || scale !== quote.receiveAssetScale) {
    const quoted = `${quote.receiveAssetCode} (scale ${quote.receiveAssetScale})`
    return fail(
      'DestinationAssetConflict',
      `The receiver's asset is now ${code} (scale ${scale}), the quote is in ${quoted}`,
    )
  }
  const closed = closedBecause(receiver, nowMs)
  if (closed !== undefined) {
    if (mayBePaidByUs(quote, progress)) return { kind: 'completed', deliveredBefore: quote.receiveAmount }
    const how = closed === 'ReceiverExpired' ? 'expired' : 'was completed'
    return fail(closed, `The receiver ${how} when ${arrived} had arrived`)
  }
  if (progress.sentAmount + progress.pendingAmount >= quote.debitAmountMinusFees) {
    const message = `All that may be sent has left, and ${arrived} arrived`
    return fail('InsufficientExchangeRate', message)
  }
  return {
    kind: 'pay',
    deliveredBefore,
    ...amountsFor(quote, quote.receiveAmount - deliveredBefore, missingAmount(receiver)),
  }
}

// A receiver that others pay too may ask for less by now: it gets what it asks for, and no more leaves than that needs.
function amountsFor(
  quote: Quote,
  wanted: bigint,
  missing: bigint | undefined,
): { sourceAmount: bigint; deliverAmount: bigint } {
  const all = { sourceAmount: quote.debitAmountMinusFees, deliverAmount: wanted }
  if (missing === undefined || missing >= wanted) return all
  if (quote.method === 'ilp') return { ...all, deliverAmount: missing }
  const needed = neededCeil(missing, { rate: quotedPrice(quote).guaranteedRate })
  return { sourceAmount: needed ?? all.sourceAmount, deliverAmount: missing }
}

/** What was written down, and the least that any amount sent since then has delivered. */
function deliveredAtLeast(quote: Quote, progress: Progress): bigint {
  const { guaranteedRate, maxPacketAmount } = quotedPrice(quote)
  const unrecorded = progress.sentAmount - progress.recordedSentAmount
  const since = unrecorded > 0n ? deliverableFloor(unrecorded, { rate: guaranteedRate, maxPacketAmount }) : 0n
  return progress.recordedDeliveredAmount + since
}

/** True when what was sent and not written down may have delivered all, at the best rate the path showed. */
function mayBePaidByUs(quote: Quote, progress: Progress): boolean {
  const unrecorded = progress.sentAmount - progress.recordedSentAmount
  if (unrecorded <= 0n) return false
  const mostSince = deliverableFloor(unrecorded, { rate: quotedPrice(quote).highRate })
  return progress.recordedDeliveredAmount + mostSince >= quote.receiveAmount
}

function lesser(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

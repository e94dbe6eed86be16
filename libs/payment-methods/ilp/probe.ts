import { isPaymentError, type PaymentError, startQuote } from '@interledger/pay'
import { DomainError } from '@kivuko/platform'
import type { Ratio } from '@kivuko/rates'
import type { Receiver } from '../receiver.js'
import { payError } from './pay-errors.js'
import { fromPayRatio } from './pay-ratio.js'
import type { StoppablePlugin } from './stoppable-plugin.js'
import { streamDestination } from './stream-destination.js'

/** What unfulfillable packets found out about the path. */
export interface Probe {
  readonly lowRate: Ratio
  readonly highRate: Ratio
  readonly maxPacketAmount: bigint
}

/**
 * Only probes: with a slippage of 1 @interledger/pay takes any rate and needs no prices, which it would hold as doubles. The
 * least rate that a quote accepts is ours to compute, exactly.
 */
export async function probe(plugin: StoppablePlugin, receiver: Receiver): Promise<Probe> {
  const destination = streamDestination(receiver)
  try {
    const { lowEstimatedExchangeRate, highEstimatedExchangeRate, maxPacketAmount } = await startQuote({
      plugin,
      destination,
      amountToSend: 1n,
      slippage: 1,
    })
    if (!lowEstimatedExchangeRate.isPositive()) throw unusable(receiver, 'the packets it takes deliver nothing')
    return {
      lowRate: fromPayRatio(lowEstimatedExchangeRate),
      highRate: fromPayRatio(highEstimatedExchangeRate),
      maxPacketAmount,
    }
  } catch (error) {
    if (!isPaymentError(error)) throw error
    throw explain(receiver, error, plugin.lastReject)
  }
}

function explain(receiver: Receiver, error: PaymentError, lastReject: string | undefined): DomainError {
  const { reason, message } = payError(error, lastReject)
  return new DomainError('unavailable', reason, `${message}; receiver ${receiver.incomingPaymentUrl}`)
}

function unusable(receiver: Receiver, why: string): DomainError {
  const message = `The path to ${receiver.incomingPaymentUrl} cannot be used: ${why}`
  return new DomainError('unavailable', 'InsufficientExchangeRate', message)
}

import { type PaymentProgress, PaymentType, pay } from '@interledger/pay'
import { convertFloor, type Ratio } from '@kivuko/rates'
import type { PayRequest } from '../payment-method.js'
import { toPayRatio, toPositivePayRatio } from './pay-ratio.js'
import type { StoppablePlugin } from './stoppable-plugin.js'
import { streamDestination } from './stream-destination.js'

/** What @interledger/pay says at its end. `isExhausted`: all the source money went, and less than wanted arrived. */
export interface Sent extends Pick<PaymentProgress, 'amountSent' | 'amountDelivered' | 'error'> {
  readonly isExhausted: boolean
}

/**
 * Delivers `deliverAmount` for at most what is left of `sourceAmount`. Resolves when no packet is under way any more: at
 * the end, at an error, or after `plugin.stop()`.
 */
export async function send(plugin: StoppablePlugin, request: PayRequest): Promise<Sent> {
  const { price, receiver, deliverAmount } = request
  const maxSourceAmount = request.sourceAmount - request.sentAmount
  const maxPacketAmount = price.maxPacketAmount ?? maxSourceAmount
  return new Promise<Sent>((resolve, fail) => {
    // Out of source money and short of its goal, the library waits for replies that nobody owes it: this ends it.
    const watch = (progress: PaymentProgress): void => {
      const { amountSent, amountDelivered, sourceAmountInFlight } = progress
      const isSpent = amountSent >= maxSourceAmount && sourceAmountInFlight === 0n
      if (isSpent && amountDelivered < deliverAmount) resolve({ amountSent, amountDelivered, isExhausted: true })
    }
    pay({
      plugin,
      destination: streamDestination(receiver),
      quote: {
        paymentType: PaymentType.FixedDelivery,
        maxSourceAmount,
        minDeliveryAmount: deliverAmount,
        maxPacketAmount,
        minExchangeRate: toPayRatio(leastPacketRate(price.guaranteedRate, maxPacketAmount, maxSourceAmount)),
        lowEstimatedExchangeRate: toPayRatio(price.lowRate),
        highEstimatedExchangeRate: toPositivePayRatio(price.highRate),
      },
      progressHandler: watch,
    }).then(
      ({ amountSent, amountDelivered, error }) => resolve({ amountSent, amountDelivered, error, isExhausted: false }),
      fail,
    )
  })
}

/**
 * What each packet has to deliver at least. The library rounds a packet's minimum up while connectors round down: with
 * full packets the rate is what one of them is sure to give.
 */
function leastPacketRate(rate: Ratio, maxPacketAmount: bigint, sourceAmount: bigint): Ratio {
  if (sourceAmount <= maxPacketAmount) return rate
  return { numerator: convertFloor(maxPacketAmount, rate), denominator: maxPacketAmount }
}

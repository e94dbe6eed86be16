import type { PathPrice } from '@kivuko/payment-methods'
import type { Quote } from './quote.entity.js'

type PriceColumns = Pick<
  Quote,
  | 'method'
  | 'guaranteedRateNumerator'
  | 'guaranteedRateDenominator'
  | 'lowRateNumerator'
  | 'lowRateDenominator'
  | 'highRateNumerator'
  | 'highRateDenominator'
  | 'maxPacketAmount'
>

/** The price of the path, as the quote's row keeps it. */
export function priceColumns({ method, guaranteedRate, lowRate, highRate, maxPacketAmount }: PathPrice): PriceColumns {
  return {
    method,
    guaranteedRateNumerator: guaranteedRate.numerator,
    guaranteedRateDenominator: guaranteedRate.denominator,
    lowRateNumerator: lowRate.numerator,
    lowRateDenominator: lowRate.denominator,
    highRateNumerator: highRate.numerator,
    highRateDenominator: highRate.denominator,
    maxPacketAmount: maxPacketAmount ?? null,
  }
}

/** The price by which the payment is to be made. */
export function quotedPrice(quote: PriceColumns): PathPrice {
  return {
    method: quote.method,
    guaranteedRate: { numerator: quote.guaranteedRateNumerator, denominator: quote.guaranteedRateDenominator },
    lowRate: { numerator: quote.lowRateNumerator, denominator: quote.lowRateDenominator },
    highRate: { numerator: quote.highRateNumerator, denominator: quote.highRateDenominator },
    ...(quote.maxPacketAmount !== null && { maxPacketAmount: quote.maxPacketAmount }),
  }
}

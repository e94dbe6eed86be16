import type { Ratio } from '@kivuko/rates'

/** A fraction from 0 up to, not including, 1. */
export interface Slippage {
  readonly numerator: bigint
  readonly denominator: bigint
}

/** The rate less the slippage, exactly. */
export function lessSlippage(rate: Ratio, { numerator, denominator }: Slippage): Ratio {
  return {
    numerator: rate.numerator * (denominator - numerator),
    denominator: rate.denominator * denominator,
  }
}

export function isBelow(rate: Ratio, least: Ratio): boolean {
  return rate.numerator * least.denominator < least.numerator * rate.denominator
}

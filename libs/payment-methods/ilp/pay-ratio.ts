import { Int, Ratio as PayRatio, type PositiveRatio } from '@interledger/pay'
import { assert } from '@kivuko/platform'
import type { Ratio } from '@kivuko/rates'

/** An exact ratio in the words of @interledger/pay, which holds fractions of integers too. */
export function toPayRatio({ numerator, denominator }: Ratio): PositiveRatio {
  const above = Int.from(numerator)
  const below = Int.from(denominator)
  assert(above?.isPositive() && below?.isPositive(), 'a ratio is a positive fraction')
  return PayRatio.of(above, below)
}

interface Fraction {
  readonly a: Pick<Int, 'value'>
  readonly b: Pick<Int, 'value'>
}

export function fromPayRatio({ a, b }: Fraction): Ratio {
  return { numerator: a.value, denominator: b.value }
}

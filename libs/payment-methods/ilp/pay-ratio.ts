import { Int, Ratio as PayRatio, type PositiveInt, type PositiveRatio } from '@interledger/pay'
import { assert } from '@kivuko/platform'
import type { Ratio } from '@kivuko/rates'

/** An exact ratio in the words of @interledger/pay, which holds fractions of integers too. */
export function toPayRatio({ numerator, denominator }: Ratio): PayRatio {
  const above = Int.from(numerator)
  assert(above !== undefined, 'a ratio is not negative')
  return PayRatio.of(above, positive(denominator))
}

/** Its types tell a positive ratio from one that may be 0, and do not take it for the other. */
export function toPositivePayRatio({ numerator, denominator }: Ratio): PositiveRatio {
  return PayRatio.of(positive(numerator), positive(denominator))
}

interface Fraction {
  readonly a: Pick<Int, 'value'>
  readonly b: Pick<Int, 'value'>
}

export function fromPayRatio({ a, b }: Fraction): Ratio {
  return { numerator: a.value, denominator: b.value }
}

function positive(value: bigint): PositiveInt {
  const int = Int.from(value)
  assert(int?.isPositive(), 'a ratio is a positive fraction')
  return int
}

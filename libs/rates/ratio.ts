import { assert, DomainError } from '@kivuko/platform'

/** A positive fraction. Rates and conversions stay fractions of integers: a double would round money. */
export interface Ratio {
  readonly numerator: bigint
  readonly denominator: bigint
}

export const ONE: Ratio = { numerator: 1n, denominator: 1n }

// 10^±64 spans every price of one currency in another, and keeps "1e999999999" from filling the memory.
const MAX_EXPONENT = 64
const MAX_DIGITS = 128
const DECIMAL = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/

/** Reads a positive decimal (`0.91`, `1e-7`) exactly, from its text. Anything else is refused as invalid. */
export function parseDecimal(text: string): Ratio {
  const [, whole = '', fraction = '', exponentText = '0'] = DECIMAL.exec(text) ?? []
  if (whole === '') throw invalidDecimal(text, 'expected a positive decimal such as 0.91')
  if (whole.length + fraction.length > MAX_DIGITS) throw invalidDecimal(text, `expected at most ${MAX_DIGITS} digits`)
  const exponent = BigInt(exponentText)
  if (exponent > MAX_EXPONENT || exponent < -MAX_EXPONENT) {
    throw invalidDecimal(text, `expected an exponent from -${MAX_EXPONENT} to ${MAX_EXPONENT}`)
  }
  const digits = BigInt(whole + fraction)
  if (digits === 0n) throw invalidDecimal(text, 'expected a number greater than zero')
  const shift = exponent - BigInt(fraction.length)
  return shift >= 0n ? reduced(digits * 10n ** shift, 1n) : reduced(digits, 10n ** -shift)
}

export function inverse(ratio: Ratio): Ratio {
  assertRatio(ratio)
  return { numerator: ratio.denominator, denominator: ratio.numerator }
}

export function assertRatio(ratio: Ratio): void {
  assert(ratio.numerator > 0n && ratio.denominator > 0n, 'a ratio is a positive fraction')
}

function reduced(numerator: bigint, denominator: bigint): Ratio {
  let [a, b] = [numerator, denominator]
  while (b > 0n) [a, b] = [b, a % b]
  return { numerator: numerator / a, denominator: denominator / a }
}

function invalidDecimal(text: string, expected: string): DomainError {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text
  return new DomainError('invalid', 'InvalidRate', `The rate "${shown}" cannot be used: ${expected}`)
}

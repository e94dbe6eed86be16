import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { priceNeverBetter } from './price-never-better.js'
import { parseDecimal, type Ratio } from './ratio.js'

/** The exact value of a double as a fraction, taken from its bits. */
function exact(value: number): Ratio {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const exponent = (bits >> 52n) - 1075n
  const significand = (bits & (2n ** 52n - 1n)) | (2n ** 52n)
  return exponent >= 0n
    ? { numerator: significand * 2n ** exponent, denominator: 1n }
    : { numerator: significand, denominator: 2n ** -exponent }
}

function nextUp(value: number): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  view.setBigUint64(0, view.getBigUint64(0) + 1n)
  return view.getFloat64(0)
}

function notAbove(a: Ratio, b: Ratio): boolean {
  return a.numerator * b.denominator <= b.numerator * a.denominator
}

describe('priceNeverBetter', () => {
  it.each([
    ['1', 1],
    ['0.5', 0.5],
    ['3', 3],
    ['1024.25', 1024.25],
  ])('gives %s, which a double holds, unchanged', (text, expected) => {
    expect(priceNeverBetter(parseDecimal(text))).toBe(expected)
  })

  it('rounds 0.1 down, where the nearest double is above it', () => {
    // 0.1 as a double is 0.1000000000000000055…, the double below is 0.09999999999999999167…
    expect(priceNeverBetter(parseDecimal('0.1'))).toBe(0.09999999999999999)
  })

  it('keeps 0.3, whose nearest double is already below it', () => {
    // 0.3 as a double is 0.299999999999999988…
    expect(priceNeverBetter(parseDecimal('0.3'))).toBe(0.3)
  })

  it('is the greatest double not above the rate', () => {
    const part = fc.bigInt({ min: 1n, max: 10n ** 60n })
    fc.assert(
      fc.property(part, part, (numerator, denominator) => {
        const price = priceNeverBetter({ numerator, denominator })
        expect(notAbove(exact(price), { numerator, denominator })).toBe(true)
        expect(notAbove(exact(nextUp(price)), { numerator, denominator })).toBe(false)
      }),
    )
  })

  it('stays on the safe side where doubles end', () => {
    expect(priceNeverBetter({ numerator: 10n ** 400n, denominator: 1n })).toBe(Number.MAX_VALUE)
    expect(priceNeverBetter({ numerator: 1n, denominator: 10n ** 400n })).toBe(0)
  })
})

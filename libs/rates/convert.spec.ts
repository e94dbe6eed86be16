import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { convertCeil, convertFloor, minorUnitRatio } from './convert.js'
import { inverse, parseDecimal, type Ratio } from './ratio.js'

const MAX_UINT64 = 18446744073709551615n
const amounts = fc.bigInt({ min: 0n, max: MAX_UINT64 })
const scales = fc.integer({ min: 0, max: 255 })
const ratios: fc.Arbitrary<Ratio> = fc.record({
  numerator: fc.bigInt({ min: 1n, max: 10n ** 40n }),
  denominator: fc.bigInt({ min: 1n, max: 10n ** 40n }),
})

describe('minorUnitRatio', () => {
  it('turns 1 USD = 0.91 EUR into cents per cent', () => {
    const ratio = minorUnitRatio(parseDecimal('0.91'), 2, 2)
    expect(convertFloor(10_000n, ratio)).toBe(9_100n)
  })

  it('moves between scales: 100.00 USD are 14771 JPY at 147.71', () => {
    expect(convertFloor(10_000n, minorUnitRatio(parseDecimal('147.71'), 2, 0))).toBe(14_771n)
  })

  it('moves between scales: 1 JPY is 0.006770 USD in micro-units at 0.00677', () => {
    expect(convertFloor(1n, minorUnitRatio(parseDecimal('0.00677'), 0, 6))).toBe(6_770n)
  })

  it.each([-1, 256, 1.5])('refuses the scale %d', (scale) => {
    expect(() => minorUnitRatio(parseDecimal('1'), scale, 2)).toThrow('scale')
  })
})

describe('convertFloor and convertCeil', () => {
  it('differ by one unit where the result is not whole: 1 × 2/3', () => {
    const ratio = { numerator: 2n, denominator: 3n }
    expect(convertFloor(1n, ratio)).toBe(0n)
    expect(convertCeil(1n, ratio)).toBe(1n)
  })

  it('agree where it is whole: 3 × 2/3', () => {
    const ratio = { numerator: 2n, denominator: 3n }
    expect(convertFloor(3n, ratio)).toBe(2n)
    expect(convertCeil(3n, ratio)).toBe(2n)
  })

  it('neither wrap nor lose digits at the end of u64', () => {
    const ratio = minorUnitRatio(parseDecimal('1.000000000000000001'), 0, 18)
    expect(convertFloor(MAX_UINT64, ratio)).toBe(MAX_UINT64 * 1_000_000_000_000_000_001n)
    expect(convertCeil(MAX_UINT64, { numerator: 1n, denominator: MAX_UINT64 })).toBe(1n)
    expect(convertFloor(MAX_UINT64 - 1n, { numerator: 1n, denominator: MAX_UINT64 })).toBe(0n)
  })

  it('refuse a negative amount', () => {
    expect(() => convertFloor(-1n, { numerator: 1n, denominator: 1n })).toThrow('not negative')
    expect(() => convertCeil(-1n, { numerator: 1n, denominator: 1n })).toThrow('not negative')
  })

  it('enclose the exact value: floor never hands out more, ceil never asks for less', () => {
    fc.assert(
      fc.property(amounts, ratios, (amount, ratio) => {
        const exactTimesDenominator = amount * ratio.numerator
        const floor = convertFloor(amount, ratio)
        const ceil = convertCeil(amount, ratio)
        expect(floor * ratio.denominator <= exactTimesDenominator).toBe(true)
        expect((floor + 1n) * ratio.denominator > exactTimesDenominator).toBe(true)
        expect(ceil * ratio.denominator >= exactTimesDenominator).toBe(true)
        expect((ceil - 1n) * ratio.denominator < exactTimesDenominator).toBe(true)
      }),
    )
  })

  it('there and back never gains: what is asked for a delivery buys at least that delivery', () => {
    fc.assert(
      fc.property(amounts, ratios, scales, scales, (amount, price, sourceScale, destinationScale) => {
        const ratio = minorUnitRatio(price, sourceScale, destinationScale)
        const asked = convertCeil(amount, inverse(ratio))
        expect(convertFloor(asked, ratio) >= amount).toBe(true)
        expect(convertFloor(convertFloor(amount, ratio), inverse(ratio)) <= amount).toBe(true)
      }),
    )
  })

  it('asks for no unit more than needed', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: MAX_UINT64 }), ratios, (amount, ratio) => {
        const asked = convertCeil(amount, inverse(ratio))
        expect(convertFloor(asked - 1n, ratio) < amount).toBe(true)
      }),
    )
  })

  it('are monotonic', () => {
    fc.assert(
      fc.property(amounts, amounts, ratios, (a, b, ratio) => {
        const [less, more] = a < b ? [a, b] : [b, a]
        expect(convertFloor(less, ratio) <= convertFloor(more, ratio)).toBe(true)
        expect(convertCeil(less, ratio) <= convertCeil(more, ratio)).toBe(true)
      }),
    )
  })

  it('the ratio of the inverse price between swapped scales is the inverse of the ratio', () => {
    fc.assert(
      fc.property(ratios, scales, scales, (price, sourceScale, destinationScale) => {
        const there = minorUnitRatio(price, sourceScale, destinationScale)
        const back = minorUnitRatio(inverse(price), destinationScale, sourceScale)
        expect(there.numerator * back.numerator).toBe(there.denominator * back.denominator)
      }),
    )
  })
})

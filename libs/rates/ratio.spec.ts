import { describe, expect, it } from 'vitest'
import { inverse, parseDecimal } from './ratio.js'

describe('parseDecimal', () => {
  it.each([
    ['1', 1n, 1n],
    ['0.91', 91n, 100n],
    ['1.10', 11n, 10n],
    ['1.0989010989010989', 10989010989010989n, 10000000000000000n],
    ['17', 17n, 1n],
    ['1e3', 1000n, 1n],
    ['2.5E-7', 1n, 4000000n],
    ['0.00000001', 1n, 100000000n],
    ['00.5', 1n, 2n],
  ])('reads %s exactly', (text, numerator, denominator) => {
    expect(parseDecimal(text)).toEqual({ numerator, denominator })
  })

  it('keeps digits that a double would lose', () => {
    expect(parseDecimal('9007199254740993')).toEqual({ numerator: 9007199254740993n, denominator: 1n })
  })

  it.each([
    ['', 'expected a positive decimal'],
    ['-1', 'expected a positive decimal'],
    ['+1', 'expected a positive decimal'],
    ['.5', 'expected a positive decimal'],
    ['1.', 'expected a positive decimal'],
    ['1,5', 'expected a positive decimal'],
    ['NaN', 'expected a positive decimal'],
    ['Infinity', 'expected a positive decimal'],
    ['0x10', 'expected a positive decimal'],
    ['0', 'greater than zero'],
    ['0.000', 'greater than zero'],
    ['0e5', 'greater than zero'],
    ['1e65', 'exponent from -64 to 64'],
    ['1e-9999', 'exponent from -64 to 64'],
    ['1'.repeat(129), 'at most 128 digits'],
  ])('refuses %j, saying why', (text, why) => {
    expect(() => parseDecimal(text)).toThrow(why)
  })

  it('does not repeat a long text in its message', () => {
    expect(() => parseDecimal('x'.repeat(10_000))).toThrow(/^.{0,120}$/)
  })
})

describe('inverse', () => {
  it('turns the fraction over without rounding', () => {
    expect(inverse({ numerator: 91n, denominator: 100n })).toEqual({ numerator: 100n, denominator: 91n })
  })

  it('refuses what is not a positive fraction', () => {
    expect(() => inverse({ numerator: 0n, denominator: 1n })).toThrow('positive fraction')
  })
})

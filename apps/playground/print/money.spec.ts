import { describe, expect, it } from 'vitest'
import { parseUnits, showAmount, showChange, showUnits } from './money.js'

describe('parseUnits', () => {
  it.each([
    ['100.00', 2, 10_000n],
    ['100', 2, 10_000n],
    ['0.5', 2, 50n],
    ['7', 0, 7n],
    ['0.91', 8, 91_000_000n],
  ])('reads %s at scale %d', (text, scale, units) => {
    expect(parseUnits(text, scale)).toBe(units)
  })

  it.each(['', '-1', '1,50', 'ten', '1.'])('refuses %j', (text) => {
    expect(() => parseUnits(text, 2)).toThrow('is not an amount')
  })

  it('refuses digits that the asset has no place for', () => {
    expect(() => parseUnits('1.005', 2)).toThrow('more than 2 decimal places')
  })
})

describe('showUnits', () => {
  it.each([
    [10_000n, 2, '100.00'],
    [5n, 2, '0.05'],
    [0n, 2, '0.00'],
    [-1n, 2, '-0.01'],
    [123_456_789n, 2, '1,234,567.89'],
    [1_000n, 0, '1,000'],
    [100_000n, 0, '100,000'],
  ])('shows %d at scale %d', (units, scale, text) => {
    expect(showUnits(units, scale)).toBe(text)
  })

  it('shows a change with its sign and an amount with its currency', () => {
    expect(showChange(100n, 2)).toBe('+1.00')
    expect(showChange(-100n, 2)).toBe('-1.00')
    expect(showChange(0n, 2)).toBe('0.00')
    expect(showAmount({ value: 9_100n, assetCode: 'EUR', assetScale: 2 })).toBe('91.00 EUR')
  })
})

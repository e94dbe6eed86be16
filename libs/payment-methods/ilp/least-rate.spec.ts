import { describe, expect, it } from 'vitest'
import { isBelow, lessSlippage } from './least-rate.js'

describe('the least rate a quote accepts', () => {
  it('is the market rate less the slippage, exactly', () => {
    const least = lessSlippage({ numerator: 91n, denominator: 100n }, { numerator: 1n, denominator: 100n })
    // 0.91 × 0.99 = 0.9009
    expect(least.numerator * 10_000n).toBe(least.denominator * 9_009n)
    expect(lessSlippage({ numerator: 91n, denominator: 100n }, { numerator: 0n, denominator: 1n })).toEqual({
      numerator: 91n,
      denominator: 100n,
    })
  })

  it('is compared without rounding', () => {
    const third = { numerator: 1n, denominator: 3n }
    expect(isBelow({ numerator: 333_333_333_333_333_333n, denominator: 10n ** 18n }, third)).toBe(true)
    expect(isBelow({ numerator: 2n, denominator: 6n }, third)).toBe(false)
  })
})

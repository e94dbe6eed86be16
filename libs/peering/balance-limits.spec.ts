import { describe, expect, it } from 'vitest'
import { balanceLimitsOf, changedLine, checkBalanceLimits, lineOf } from './balance-limits.js'

describe('a credit line and a minimum', () => {
  it('are one number, above and below zero', () => {
    expect([lineOf({ creditLine: 50n }), lineOf({ minimum: 50n }), lineOf({}), lineOf(undefined)]).toEqual([
      50n,
      -50n,
      0n,
      0n,
    ])
  })

  it.each([
    [50n, {}, 50n],
    [50n, { creditLine: 70n }, 70n],
    [50n, { minimum: 20n }, -20n],
    [50n, { creditLine: null }, 0n],
    [50n, { creditLine: 0n }, 0n],
    [50n, { minimum: null }, 50n],
    [-20n, { minimum: null }, 0n],
    [-20n, { creditLine: null }, -20n],
    [-20n, { creditLine: 5n, minimum: null }, 5n],
    [0n, { maximum: 5n }, 0n],
  ])('of %s, changed by %o, are %s', (before, change, after) => {
    expect(changedLine(before, change)).toBe(after)
  })

  it('are shown as what they are', () => {
    expect(balanceLimitsOf({ creditLine: 5n, maximumBalance: null })).toEqual({
      creditLine: 5n,
      minimum: null,
      maximum: null,
    })
    expect(balanceLimitsOf({ creditLine: -5n, maximumBalance: 9n })).toEqual({
      creditLine: null,
      minimum: 5n,
      maximum: 9n,
    })
    expect(balanceLimitsOf({ creditLine: 0n, maximumBalance: null })).toBeUndefined()
  })
})

describe('limits of a balance', () => {
  it.each([
    {},
    { creditLine: 0n, maximum: 0n },
    { minimum: 5n, maximum: 5n },
    { creditLine: 2n ** 63n - 1n, minimum: 0n },
  ])('may be %o', (limits) => {
    expect(() => checkBalanceLimits(limits)).not.toThrow()
  })

  it.each([
    [{ creditLine: -1n }, 'balanceLimits.creditLine'],
    [{ maximum: 2n ** 63n }, 'balanceLimits.maximum'],
    [{ creditLine: 1n, minimum: 1n }, 'either a credit line'],
    [{ minimum: 6n, maximum: 5n }, 'above the maximum'],
  ])('may not be %o', (limits, why) => {
    expect(() => checkBalanceLimits(limits)).toThrow(
      expect.objectContaining({
        kind: 'invalid',
        reason: 'InvalidBalanceLimits',
        message: expect.stringContaining(why),
      }),
    )
  })
})

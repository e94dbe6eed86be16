import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deliverableFloor, neededCeil } from './path-price.js'

const half = { numerator: 1n, denominator: 2n }
const mexican = { numerator: 1_878n, denominator: 100n }

describe('what an amount is sure to deliver', () => {
  it('is rounded down', () => {
    // 7 × 1/2 = 3.5
    expect(deliverableFloor(7n, { rate: half })).toBe(3n)
    // 533 × 18.78 = 10009.74
    expect(deliverableFloor(533n, { rate: mexican })).toBe(10_009n)
  })

  it('is rounded down in every packet', () => {
    // 3 + 3 + 1 by halves: 1 + 1 + 0.
    expect(deliverableFloor(7n, { rate: half, maxPacketAmount: 3n })).toBe(2n)
    expect(deliverableFloor(6n, { rate: half, maxPacketAmount: 3n })).toBe(2n)
    // Packets of 1 by halves deliver nothing, however many there are.
    expect(deliverableFloor(1_000n, { rate: half, maxPacketAmount: 1n })).toBe(0n)
  })
})

describe('what a delivery needs', () => {
  it('is rounded up', () => {
    // 10000 ÷ 18.78 = 532.48
    expect(neededCeil(10_000n, { rate: mexican })).toBe(533n)
    expect(neededCeil(4n, { rate: half })).toBe(8n)
  })

  it('counts what rounding costs in every packet', () => {
    // Packets of 3 by halves deliver 1 each: 4 take three of them, and 2 for the last one.
    expect(neededCeil(4n, { rate: half, maxPacketAmount: 3n })).toBe(11n)
    expect(neededCeil(1n, { rate: half, maxPacketAmount: 3n })).toBe(2n)
  })

  it('is nothing that could be named when packets deliver nothing', () => {
    expect(neededCeil(1n, { rate: half, maxPacketAmount: 1n })).toBeUndefined()
  })

  it('is the least amount that is sure to deliver it', () => {
    const ratio = fc.record({
      numerator: fc.bigInt({ min: 1n, max: 10n ** 9n }),
      denominator: fc.bigInt({ min: 1n, max: 10n ** 9n }),
    })
    const packet = fc.option(fc.bigInt({ min: 1n, max: 10n ** 6n }), { nil: undefined })
    const amount = fc.bigInt({ min: 1n, max: 10n ** 9n })
    fc.assert(
      fc.property(ratio, packet, amount, (rate, maxPacketAmount, wanted) => {
        const path = { rate, maxPacketAmount }
        const needed = neededCeil(wanted, path)
        if (needed === undefined) {
          expect(deliverableFloor(maxPacketAmount ?? 0n, path)).toBe(0n)
        } else {
          expect(deliverableFloor(needed, path)).toBeGreaterThanOrEqual(wanted)
          expect(deliverableFloor(needed - 1n, path)).toBeLessThan(wanted)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})

import { describe, expect, it } from 'vitest'
import { feeCeil } from './fee.js'

describe('feeCeil', () => {
  it.each([
    // 2.5 % of 100.00 is 2.50, and 1.00 fixed.
    [{ fixed: 100n, basisPoints: 250 }, 10_000n, 350n],
    // 1 basis point of 1.00 is a hundredth of a cent: a whole cent.
    [{ fixed: 0n, basisPoints: 1 }, 100n, 1n],
    [{ fixed: 0n, basisPoints: 1 }, 10_000n, 1n],
    [{ fixed: 0n, basisPoints: 1 }, 10_001n, 2n],
    [{ fixed: 0n, basisPoints: 0 }, 10_000n, 0n],
    [{ fixed: 7n, basisPoints: 0 }, 0n, 7n],
    [{ fixed: 0n, basisPoints: 10_000 }, 123n, 123n],
  ])('%o on %d is %d', (fee, amount, expected) => {
    expect(feeCeil(fee, amount)).toBe(expected)
  })

  it('is exact where a double is not', () => {
    // 1 basis point of 2^63 − 1 = 9223372036854775807: 922337203685477.5807, rounded up.
    expect(feeCeil({ fixed: 0n, basisPoints: 1 }, 2n ** 63n - 1n)).toBe(922_337_203_685_478n)
  })
})

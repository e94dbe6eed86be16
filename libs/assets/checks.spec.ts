import { describe, expect, it } from 'vitest'
import { checkFee, checkNewAsset, checkU64, checkUuid } from './checks.js'

const usd = { tenantId: 't', code: 'USD', scale: 2 }

describe('checkNewAsset', () => {
  it.each([
    usd,
    { ...usd, scale: 0 },
    { ...usd, scale: 255 },
    { ...usd, code: 'loyalty-points' },
    { ...usd, withdrawalThreshold: 0n, liquidityThreshold: 2n ** 64n - 1n },
  ])('takes %o', (asset) => {
    expect(() => checkNewAsset(asset)).not.toThrow()
  })

  it.each([
    [{ ...usd, code: '' }, 'InvalidAssetCode'],
    [{ ...usd, code: 'US D' }, 'InvalidAssetCode'],
    [{ ...usd, code: 'X'.repeat(33) }, 'InvalidAssetCode'],
    [{ ...usd, scale: -1 }, 'InvalidAssetScale'],
    [{ ...usd, scale: 256 }, 'InvalidAssetScale'],
    [{ ...usd, scale: 1.5 }, 'InvalidAssetScale'],
    [{ ...usd, liquidityThreshold: 2n ** 64n }, 'InvalidAmount'],
    [{ ...usd, withdrawalThreshold: -1n }, 'InvalidAmount'],
  ])('refuses %o as %s', (asset, reason) => {
    expect(() => checkNewAsset(asset)).toThrow(expect.objectContaining({ kind: 'invalid', reason }))
  })
})

describe('checkFee', () => {
  it('takes everything from no fee to the whole amount', () => {
    expect(() => checkFee({ fixed: 0n, basisPoints: 0 })).not.toThrow()
    expect(() => checkFee({ fixed: 2n ** 64n - 1n, basisPoints: 10_000 })).not.toThrow()
  })

  it.each([
    [{ fixed: -1n, basisPoints: 0 }, 'InvalidFixedFee'],
    [{ fixed: 2n ** 64n, basisPoints: 0 }, 'InvalidFixedFee'],
    [{ fixed: 0n, basisPoints: -1 }, 'InvalidBasisPointFee'],
    [{ fixed: 0n, basisPoints: 10_001 }, 'InvalidBasisPointFee'],
    [{ fixed: 0n, basisPoints: 0.5 }, 'InvalidBasisPointFee'],
  ])('refuses %o as %s', (fee, reason) => {
    expect(() => checkFee(fee)).toThrow(expect.objectContaining({ kind: 'invalid', reason }))
  })
})

describe('what a refusal says', () => {
  it('names the field, the range and the value', () => {
    expect(() => checkU64('maxPacketAmount', -5n)).toThrow(
      'maxPacketAmount is between 0 and 18446744073709551615 minor units, found -5',
    )
  })

  it('cuts a value off that is far too long', () => {
    expect(() => checkUuid('The asset id', 'x'.repeat(1_000))).toThrow(/found "x{64}"$/)
  })
})

import { describe, expect, it } from 'vitest'
import { chargeReferenceOf, newChargeReference } from './charge-reference.js'

const MAX_REFERENCE = 2n ** 128n - 1n

describe('what a reservation says of its packet', () => {
  it.each([
    [1, 1],
    [2 ** 31 - 1, Date.UTC(2030, 0, 1)],
    [2 ** 31 - 1, Date.UTC(9999, 11, 31, 23, 59, 59, 999)],
  ])('is read as it was written: process %i, expiry %i', (ownerId, deliveryExpiresAtMs) => {
    const reference = newChargeReference({ ownerId, deliveryExpiresAtMs })
    expect(reference).toBeLessThan(MAX_REFERENCE)
    expect(chargeReferenceOf({ reference })).toEqual({ ownerId, deliveryExpiresAtMs })
  })

  it('is another one each time, so that a repeated call is told from a repeated packet', () => {
    const once = { ownerId: 7, deliveryExpiresAtMs: 1_000 }
    expect(newChargeReference(once)).not.toBe(newChargeReference(once))
  })

  it('is nothing where a version recorded nothing', () => {
    expect(chargeReferenceOf({ reference: undefined })).toBeUndefined()
  })
})

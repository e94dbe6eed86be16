import { expect, it } from 'vitest'
import { openSealedBytes, openSealedText, sealBytes, sealText } from './sealed-text.js'

const key = Buffer.alloc(32, 1)

it('opens with the key and at the place it was sealed for, and nowhere else', () => {
  const sealed = sealText('a secret, with ümlauts', key, 'tenants/1/api_secret')
  expect(openSealedText(sealed, key, 'tenants/1/api_secret')).toBe('a secret, with ümlauts')
  expect(() => openSealedText(sealed, key, 'tenants/2/api_secret')).toThrow()
  expect(() => openSealedText(sealed, Buffer.alloc(32, 2), 'tenants/1/api_secret')).toThrow()
  const changed = Buffer.from(sealed, 'base64')
  changed[30] = (changed[30] ?? 0) ^ 1
  expect(() => openSealedText(changed.toString('base64'), key, 'tenants/1/api_secret')).toThrow()
})

it('never looks the same twice, and does not hold the text', () => {
  const [one, two] = [sealText('secret', key, 'p'), sealText('secret', key, 'p')]
  expect(one).not.toBe(two)
  expect(Buffer.from(one, 'base64').toString('latin1')).not.toContain('secret')
})

it('opens with no bit changed and no byte missing', () => {
  const sealed = sealBytes('s3cret', key, 'p')
  // An IV of 12 bytes and a tag of 16 stand before the text.
  expect(sealed).toHaveLength(12 + 16 + 6)
  expect(openSealedBytes(sealed, key, 'p')).toBe('s3cret')
  for (let byte = 0; byte < sealed.length; byte++) {
    const changed = Buffer.from(sealed)
    changed.writeUInt8(changed.readUInt8(byte) ^ 1, byte)
    expect(() => openSealedBytes(changed, key, 'p')).toThrow()
  }
  expect(() => openSealedBytes(sealed.subarray(0, 10), key, 'p')).toThrow()
})

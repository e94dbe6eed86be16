import { describe, expect, it } from 'vitest'
import { decryptToken, encryptToken } from './outgoing-token.js'

const key = Buffer.alloc(32, 7)
const peerId = '00000000-0000-4000-8000-0000000000b0'

describe('the outgoing token at rest', () => {
  it('comes back as it was', () => {
    expect(decryptToken(encryptToken('s3cret', key, peerId), key, peerId)).toBe('s3cret')
  })

  it('is 28 bytes longer than the token: an IV of 12, a tag of 16', () => {
    expect(encryptToken('s3cret', key, peerId)).toHaveLength(12 + 16 + 6)
  })

  it('never looks the same twice, nor like the token', () => {
    const [first, second] = [encryptToken('s3cret', key, peerId), encryptToken('s3cret', key, peerId)]
    expect(first.equals(second)).toBe(false)
    expect(first.includes('s3cret')).toBe(false)
  })

  it('does not open with another key, for another peer, or with a bit changed', () => {
    const stored = encryptToken('s3cret', key, peerId)
    expect(() => decryptToken(stored, Buffer.alloc(32, 8), peerId)).toThrow()
    expect(() => decryptToken(stored, key, peerId.replace('b0', 'b1'))).toThrow()
    for (let byte = 0; byte < stored.length; byte++) {
      const changed = Buffer.from(stored)
      changed.writeUInt8(changed.readUInt8(byte) ^ 1, byte)
      expect(() => decryptToken(changed, key, peerId)).toThrow()
    }
    expect(() => decryptToken(stored.subarray(0, 10), key, peerId)).toThrow()
  })
})

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const CIPHER = 'aes-256-gcm'
// NIST SP 800-38D: a 96-bit IV, drawn anew for every encryption, and the full tag.
const IV_BYTES = 12
const TAG_BYTES = 16

/** IV ‖ tag ‖ ciphertext. The peer's id is authenticated along, so that a value copied to another row does not open. */
export function encryptToken(token: string, key: Buffer, peerId: string): Buffer {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(Buffer.from(peerId))
  const encrypted = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), encrypted])
}

/** Throws when the key is another one, or the bytes were changed or moved. */
export function decryptToken(stored: Buffer, key: Buffer, peerId: string): string {
  const iv = stored.subarray(0, IV_BYTES)
  const tag = stored.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(peerId))
  decipher.setAuthTag(tag)
  return Buffer.concat([decipher.update(stored.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8')
}

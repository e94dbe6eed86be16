import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const CIPHER = 'aes-256-gcm'
// NIST SP 800-38D: a 96-bit IV, drawn anew for every encryption, and the full tag.
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Text that the database keeps but must not tell: IV ‖ tag ‖ ciphertext in base64. `place` (which row and column) is
 * authenticated along, so that a value copied to another place does not open.
 */
export function sealText(text: string, key: Buffer, place: string): string {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(Buffer.from(place))
  const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), encrypted]).toString('base64')
}

/** Throws when the key is another one, or the text was changed or moved. */
export function openSealedText(sealed: string, key: Buffer, place: string): string {
  const stored = Buffer.from(sealed, 'base64')
  const iv = stored.subarray(0, IV_BYTES)
  const tag = stored.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(place))
  decipher.setAuthTag(tag)
  return Buffer.concat([decipher.update(stored.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8')
}

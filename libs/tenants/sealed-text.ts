import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const CIPHER = 'aes-256-gcm'
// NIST SP 800-38D: a 96-bit IV, drawn anew for every encryption, and the full tag.
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Text that the database keeps but must not tell: IV ‖ tag ‖ ciphertext. `place` (which row and column) is authenticated
 * along, so that a value copied to another place does not open.
 */
export function sealBytes(text: string, key: Buffer, place: string): Buffer {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(Buffer.from(place))
  const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), encrypted])
}

/** Throws when the key is another one, or the bytes were changed or moved. */
export function openSealedBytes(sealed: Buffer, key: Buffer, place: string): string {
  const iv = sealed.subarray(0, IV_BYTES)
  const tag = sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(place))
  decipher.setAuthTag(tag)
  return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8')
}

/** The same for a column of text: in base64. */
export function sealText(text: string, key: Buffer, place: string): string {
  return sealBytes(text, key, place).toString('base64')
}

export function openSealedText(sealed: string, key: Buffer, place: string): string {
  return openSealedBytes(Buffer.from(sealed, 'base64'), key, place)
}

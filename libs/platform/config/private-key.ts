import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** A new Ed25519 key as PRIVATE_KEY carries it: PKCS #8 in base64, on one line. */
export function generatePrivateKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
}

/** An Ed25519 key in base64, as `generatePrivateKey` makes it. */
export const ed25519Key = () =>
  z.string().transform((given, context): KeyObject => {
    const key = readKey(() => createPrivateKey({ key: Buffer.from(given, 'base64'), format: 'der', type: 'pkcs8' }))
    if (key !== undefined) return key
    context.addIssue('an Ed25519 private key: PKCS #8 in base64, on one line')
    return z.NEVER
  })

/** The path of an Ed25519 key in PEM, which is read at once: a key that is missing stops the start. */
export const ed25519KeyFile = () =>
  z.string().transform((path, context): KeyObject => {
    const key = readKey(() => createPrivateKey(readFileSync(path)))
    if (key !== undefined) return key
    context.addIssue('a readable PEM file with an Ed25519 private key (openssl genpkey -algorithm ed25519 makes one)')
    return z.NEVER
  })

/** Names a key by itself (RFC 7638, RFC 8037 §2): the same on every machine that has it. */
export function thumbprint(privateKey: KeyObject): string {
  const { crv, kty, x } = createPublicKey(privateKey).export({ format: 'jwk' })
  return createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url')
}

function readKey(read: () => KeyObject): KeyObject | undefined {
  try {
    const key = read()
    return key.asymmetricKeyType === 'ed25519' ? key : undefined
  } catch {
    return undefined
  }
}

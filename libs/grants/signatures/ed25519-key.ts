import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'

/** A client's public key as jwks.json and grants carry it; anything but Ed25519 is no key here. */
export const ed25519Jwk = z.object({
  kid: z.string().min(1).max(512),
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  alg: z.literal('EdDSA').optional(),
  use: z.literal('sig').optional(),
  x: z.string().refine((x) => Buffer.from(x, 'base64url').length === 32, 'must be 32 bytes in base64url'),
})

export type Ed25519Jwk = z.output<typeof ed25519Jwk>

export function publicKeyOf({ kty, crv, x }: Ed25519Jwk): KeyObject {
  return createPublicKey({ format: 'jwk', key: { kty, crv, x } })
}

/** Names a client that has a key and no wallet address, whatever it calls the key (RFC 7638, RFC 8037 §2, RFC 9278). */
export function thumbprintUri({ kty, crv, x }: Ed25519Jwk): string {
  const canonicalX = Buffer.from(x, 'base64url').toString('base64url')
  const digest = createHash('sha256')
    .update(JSON.stringify({ crv, kty, x: canonicalX }))
    .digest('base64url')
  return `urn:ietf:params:oauth:jwk-thumbprint:sha-256:${digest}`
}

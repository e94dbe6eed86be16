import { DomainError } from '@kivuko/platform'

/** An Ed25519 public key (RFC 8037) as Open Payments shows it. */
export interface Jwk {
  readonly kid: string
  readonly x: string
  readonly alg: 'EdDSA'
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
}

const MAX_KID_CHARACTERS = 256
// 32 bytes are 43 characters of base64url; the last one has two bits that are no part of them.
const X = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/

export function jwkOf({ kid, x }: Pick<Jwk, 'kid' | 'x'>): Jwk {
  return { kid, x, alg: 'EdDSA', kty: 'OKP', crv: 'Ed25519' }
}

/** Throws DomainError InvalidJwk with what is wrong. */
export function checkJwk({ kid, x }: Pick<Jwk, 'kid' | 'x'>): void {
  if (kid.trim() === '' || kid.length > MAX_KID_CHARACTERS) {
    throw invalid(`kid has 1 to ${MAX_KID_CHARACTERS} characters, found ${kid.length}`)
  }
  if (!X.test(x)) throw invalid(`x is the public key, 32 bytes in base64url (43 characters), found "${x.slice(0, 64)}"`)
}

function invalid(why: string): DomainError {
  return new DomainError('invalid', 'InvalidJwk', `The key cannot be taken: ${why}`)
}

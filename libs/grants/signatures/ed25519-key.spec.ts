import { describe, expect, it } from 'vitest'
import { TEST_JWK } from '../testing/signing-client.js'
import { ed25519Jwk, thumbprintUri } from './ed25519-key.js'

describe('a key', () => {
  it('is Ed25519 or none', () => {
    expect(ed25519Jwk.safeParse(TEST_JWK).success).toBe(true)
    expect(ed25519Jwk.safeParse({ ...TEST_JWK, use: 'sig' }).success).toBe(true)
    for (const wrong of [
      { kty: 'RSA' },
      { crv: 'X25519' },
      { alg: 'ES256' },
      { use: 'enc' },
      { x: 'AAAA' },
      { x: undefined },
      { kid: '' },
    ]) {
      expect(ed25519Jwk.safeParse({ ...TEST_JWK, ...wrong }).success).toBe(false)
    }
  })

  it('has the thumbprint of RFC 8037 A.3, whatever its name is', () => {
    const key = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' } as const
    const expected = 'urn:ietf:params:oauth:jwk-thumbprint:sha-256:kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'
    expect(thumbprintUri({ ...key, kid: 'one' })).toBe(expected)
    expect(thumbprintUri({ ...key, kid: 'two', alg: 'EdDSA' })).toBe(expected)
  })
})

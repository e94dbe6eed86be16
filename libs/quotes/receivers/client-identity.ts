import { createPublicKey, type KeyObject } from 'node:crypto'
import { assert, type Config, type Secrets } from '@kivuko/platform'

/** Who this node is to other nodes: its wallet address, where its public key is, and the key. */
export interface ClientIdentity {
  readonly walletAddressUrl: string
  readonly keyId: string
  readonly privateKey: KeyObject
}

export function clientIdentity(
  { walletAddressUrl, keyId }: Pick<Config, 'walletAddressUrl' | 'keyId'>,
  { privateKey }: Pick<Secrets, 'privateKey'>,
): ClientIdentity {
  return { walletAddressUrl, keyId, privateKey }
}

/** The public half as `<walletAddressUrl>/jwks.json` shows it. */
export function publicJwkOf({ keyId, privateKey }: Pick<ClientIdentity, 'keyId' | 'privateKey'>) {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  assert(x !== undefined, 'an Ed25519 key has a public half')
  return { kid: keyId, alg: 'EdDSA', kty: 'OKP', crv: 'Ed25519', use: 'sig', x } as const
}

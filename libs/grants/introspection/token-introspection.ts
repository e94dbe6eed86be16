import type { Access, AskedRight } from '../access.js'
import type { Ed25519Jwk } from '../signatures/ed25519-key.js'

/** Who a token was given to: its requests are signed by a key at the wallet address, or by this one (directed identity). */
export type ClientIdentity = { readonly walletAddress: string } | { readonly jwk: Ed25519Jwk }

/** What an authorization server knows of a token. */
export interface Introspection {
  readonly access: Access
  readonly identity: ClientIdentity
}

/** Asks who made a token and for what. */
export abstract class TokenIntrospection {
  /**
   * Undefined: no token, or one that holds no more. `asked` lets the server answer with the rights that matter only.
   * Throws DomainError('unavailable', 'AuthorizationServerUnavailable').
   */
  abstract introspect(token: string, asked?: AskedRight): Promise<Introspection | undefined>
}

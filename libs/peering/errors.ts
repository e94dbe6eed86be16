import { violatedConstraint } from '@kivuko/assets'
import { DomainError } from '@kivuko/platform'

export function unknownPeer(id: string): DomainError {
  return new DomainError('not-found', 'UnknownPeer', `No peer has the id "${id}"; list the peers to find the right one`)
}

export function invalidStaticIlpAddress(address: string, why: string): DomainError {
  return new DomainError(
    'invalid',
    'InvalidStaticIlpAddress',
    `"${address.slice(0, 100)}" cannot be a peer's address: ${why}`,
  )
}

export function invalidRoute(prefix: string, why: string): DomainError {
  return new DomainError('invalid', 'InvalidRoute', `"${prefix.slice(0, 100)}" cannot be a route: ${why}`)
}

export function invalidEndpoint(endpoint: string, why: string): DomainError {
  return new DomainError(
    'invalid',
    'InvalidHTTPEndpoint',
    `"${endpoint.slice(0, 200)}" cannot be a peer's endpoint: ${why}`,
  )
}

/** Names the place in the input, never the token. */
export function invalidToken(field: string, why: string): DomainError {
  return new DomainError('invalid', 'InvalidAuthToken', `${field} ${why}`)
}

export function duplicateIncomingToken(): DomainError {
  const message =
    "An incoming token is given twice, or is another peer's; tokens tell peers apart, choose a new random one"
  return new DomainError('duplicate', 'DuplicateIncomingToken', message)
}

export function tooMany(reason: string, what: string, limit: number): DomainError {
  return new DomainError('limited', reason, `${what}: at most ${limit} are kept`)
}

/** The caller's mistake behind a failed insert or update, or the failure itself. */
export function explainWrite(error: unknown, staticIlpAddress: string): unknown {
  switch (violatedConstraint(error)) {
    case 'peers_asset_address_unique': {
      const message = `A peer with the address "${staticIlpAddress}" exists already in this asset; update it instead`
      return new DomainError('duplicate', 'DuplicatePeer', message)
    }
    case 'peer_incoming_tokens_unique':
      return duplicateIncomingToken()
    case 'peers_incoming_jwt_subject_unique': {
      const message = "Another peer's JWTs carry this subject already; subjects tell peers apart, agree on another one"
      return new DomainError('duplicate', 'DuplicateJwtSubject', message)
    }
    default:
      return error
  }
}

export function invalidJwt(field: string, why: string): DomainError {
  return new DomainError('invalid', 'InvalidJwtSettings', `${field} ${why}`)
}

export function invalidCallbackUrl(url: string, why: string): DomainError {
  return new DomainError('invalid', 'InvalidCallbackUrl', `"${url.slice(0, 200)}" cannot take a peer's replies: ${why}`)
}

export function ledgerUnavailable(cause: string): DomainError {
  const message = `The ledger did not answer (${cause}); the limits are brought to it when it does`
  return new DomainError('unavailable', 'LedgerUnavailable', message)
}

/** Stops the start: with another secret no peer could be reached. */
export function undecryptableToken(peerId: string, cause: unknown): Error {
  const next = 'set DB_ENCRYPTION_SECRET to the one it was stored with'
  return new Error(`The outgoing token of peer ${peerId} cannot be decrypted; ${next}`, { cause })
}

export function invalidInitialLiquidity(amount: bigint, limit: bigint): DomainError {
  const message = `initialLiquidity is between 0 and ${limit} minor units of the peer's asset, found ${amount}`
  return new DomainError('invalid', 'InvalidInitialLiquidity', message)
}

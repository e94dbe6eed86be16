import { type Clock, DomainError } from '@kivuko/platform'
import type { Access, AskedRight } from './access.js'
import type { ClientKeys } from './client-keys/client-keys.js'
import type { DevelopmentToken } from './development-token.js'
import type { Introspection, TokenIntrospection } from './introspection/token-introspection.js'
import type { ReceivedRequest } from './signatures/received-request.js'
import type { SignatureWindow } from './signatures/signature-parameters.js'
import { verifySignature } from './signatures/verify-signature.js'

// RFC 9635 §7.2: the scheme GNAP (any case), one space, the token.
const AUTHORIZATION = /^GNAP +([\x21-\x7e]{1,2048})$/i

export interface AccessControlParts {
  readonly developmentToken: DevelopmentToken
  /** Undefined: no authorization server is set, and no token but the development one is known. */
  readonly introspection: TokenIntrospection | undefined
  readonly clientKeys: ClientKeys
  readonly signatureWindow: SignatureWindow
  readonly clock: Clock
}

/** Decides who calls the resource server: a token that its authorization server knows, in a request its client signed. */
export class AccessControl {
  constructor(private readonly parts: AccessControlParts) {}

  /**
   * Throws DomainError 'unauthenticated' with MissingToken, InvalidToken or InvalidSignature, and 'unavailable' when the
   * authorization server does not answer. What the token allows is for the caller to look at.
   */
  async authenticate(request: ReceivedRequest, asked?: AskedRight): Promise<Access> {
    const token = tokenIn(authorizationOf(request))
    const everything = this.parts.developmentToken.access(token)
    if (everything !== undefined) return everything
    const { access, identity } = await this.introspect(token, asked)
    const { clientKeys, clock, signatureWindow: window } = this.parts
    const findKey = (keyId: string) => clientKeys.find(identity, keyId)
    await verifySignature(request, { window, nowMs: clock.nowMs(), findKey })
    return access
  }

  /** That a token holds, whoever sends it: enough to be told that there is nothing here. */
  async recognize(authorization: string | undefined): Promise<void> {
    const token = tokenIn(authorization)
    if (this.parts.developmentToken.access(token) === undefined) await this.introspect(token)
  }

  private async introspect(token: string, asked?: AskedRight): Promise<Introspection> {
    const known = await this.parts.introspection?.introspect(token, asked)
    if (known === undefined) throw new DomainError('unauthenticated', 'InvalidToken', 'Invalid Token')
    return known
  }
}

/** Two of them are none: which one was signed, and which one is meant, could differ. */
function authorizationOf({ rawHeaders }: ReceivedRequest): string | undefined {
  const values = rawHeaders.filter((_, index) => index % 2 === 1 && isAuthorization(rawHeaders[index - 1]))
  return values.length === 1 ? values[0] : undefined
}

function isAuthorization(name: string | undefined): boolean {
  return name?.toLowerCase() === 'authorization'
}

function tokenIn(authorization: string | undefined): string {
  const token = AUTHORIZATION.exec(authorization ?? '')?.[1]
  if (token !== undefined) return token
  const message = 'Missing or invalid authorization header value: send "Authorization: GNAP <token>"'
  throw new DomainError('unauthenticated', 'MissingToken', message)
}

import { createHash, timingSafeEqual } from 'node:crypto'
import { DomainError } from '@kivuko/platform'
import { type Access, ALL_RIGHTS } from './access.js'

/** A node that accepts one token, and whose resource server that token is of. */
export interface DevelopmentToken {
  readonly token: string | undefined
  readonly tenantId: string
}

// RFC 9635 §7.2: the scheme GNAP (any case), one space, the token.
const AUTHORIZATION = /^GNAP +([\x21-\x7e]+)$/i

/** Decides who may call the resource server. For now it knows the development token and nothing else. */
export class AccessControl {
  constructor(private readonly accepted: DevelopmentToken) {}

  /** `authorization` is the header as received. Throws DomainError('unauthenticated', 'InvalidToken'). */
  async authenticate(authorization: string | undefined): Promise<Access> {
    const token = AUTHORIZATION.exec(authorization ?? '')?.[1]
    if (token === undefined) {
      throw refused('Missing or invalid authorization header value: send "Authorization: GNAP <token>"')
    }
    if (!this.isAccepted(token)) throw refused('Invalid Token')
    return { tenantId: this.accepted.tenantId, rights: ALL_RIGHTS }
  }

  // Hashes are as long as each other, whatever was sent: the time taken tells nothing about the token.
  private isAccepted(token: string): boolean {
    return this.accepted.token !== undefined && timingSafeEqual(sha256(token), sha256(this.accepted.token))
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function refused(message: string): DomainError {
  return new DomainError('unauthenticated', 'InvalidToken', message)
}

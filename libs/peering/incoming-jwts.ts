import { decodeJwt, errors, jwtVerify } from 'jose'
import { hashToken } from './incoming-tokens.js'

/** JWT_HS_256 of the HTTP auth profiles: the subject that tells the peer, and the secrets (base64) shared with it. */
export interface IncomingJwt {
  readonly subject: string
  readonly secrets: readonly string[]
}

interface Key {
  readonly peerId: string
  readonly subject: string
  readonly secrets: readonly Buffer[]
}

interface Verified {
  readonly peerId: string
  readonly expiresAtMs: number
}

// A peer uses one token for minutes; of each it would take a verification for every packet.
const MAX_VERIFIED = 10_000
// Fixed here: a token never chooses how it is verified.
const ALGORITHMS = ['HS256']
const MS = 1_000

/** Which peer a JWT belongs to. A verified one is remembered, by its hash, until it expires or its peer changes. */
export class IncomingJwts {
  private readonly bySubject = new Map<string, Key>()
  private readonly subjectOf = new Map<string, string>()
  private readonly verified = new Map<string, Verified>()

  set(peerId: string, jwt: IncomingJwt | undefined): void {
    this.remove(peerId)
    if (jwt === undefined) return
    const secrets = jwt.secrets.map((secret) => Buffer.from(secret, 'base64'))
    this.bySubject.set(jwt.subject, { peerId, subject: jwt.subject, secrets })
    this.subjectOf.set(peerId, jwt.subject)
  }

  remove(peerId: string): void {
    const subject = this.subjectOf.get(peerId)
    if (subject === undefined) return
    // A subject that moved to another peer in the meantime stays with that one.
    if (this.bySubject.get(subject)?.peerId === peerId) this.bySubject.delete(subject)
    this.subjectOf.delete(peerId)
    for (const [digest, verified] of this.verified) if (verified.peerId === peerId) this.verified.delete(digest)
  }

  /** Whether it looks like a token that some peer may show: three parts between dots. */
  mayBe(token: string): boolean {
    return this.bySubject.size > 0 && token.split('.', 4).length === 3
  }

  async peerOf(token: string, nowMs: number): Promise<string | undefined> {
    const digest = hashToken(token).toString('base64')
    const known = this.verified.get(digest)
    if (known !== undefined) {
      if (nowMs < known.expiresAtMs) return known.peerId
      this.verified.delete(digest)
      return undefined
    }
    const verified = await this.verify(token, nowMs)
    if (verified !== undefined) this.remember(digest, verified)
    return verified?.peerId
  }

  private async verify(token: string, nowMs: number): Promise<Verified | undefined> {
    const key = this.keyFor(token)
    for (const secret of key?.secrets ?? []) {
      const expiresAtMs = await expiryIfValid(token, secret, nowMs)
      if (key && expiresAtMs !== undefined && this.has(key, secret)) return { peerId: key.peerId, expiresAtMs }
    }
    return undefined
  }

  /** Peers are read anew while tokens are verified: what counts is what the peer has now. */
  private has({ subject, peerId }: Key, secret: Buffer): boolean {
    const current = this.bySubject.get(subject)
    return current?.peerId === peerId && current.secrets.some((one) => one.equals(secret))
  }

  /** By the subject it claims, which the signature then has to prove. */
  private keyFor(token: string): Key | undefined {
    try {
      return this.bySubject.get(decodeJwt(token).sub ?? '')
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined
      throw error
    }
  }

  private remember(digest: string, verified: Verified): void {
    if (this.verified.size >= MAX_VERIFIED) this.verified.clear()
    this.verified.set(digest, verified)
  }
}

/** jose compares signatures in constant time, and takes an expiry only as a number. */
async function expiryIfValid(token: string, secret: Uint8Array, nowMs: number): Promise<number | undefined> {
  const rules = { algorithms: ALGORITHMS, requiredClaims: ['sub', 'exp'], currentDate: new Date(nowMs) }
  try {
    const { payload } = await jwtVerify(token, secret, rules)
    return payload.exp === undefined ? undefined : payload.exp * MS
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}

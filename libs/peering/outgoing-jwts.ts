import type { Clock } from '@kivuko/platform'
import { SignJWT } from 'jose'
import type { Peer } from './peer.js'

interface Signed {
  readonly token: string
  readonly renewAtMs: number
}

// Appendix 1 of the HTTP auth profiles: at most five minutes.
const LIFETIME_SECONDS = 300
// Renewed while the old one still has time to arrive, and clocks may differ.
const RENEW_AFTER_SECONDS = 180
const MS = 1_000

/** What we show a peer that takes JWT_HS_256: one token for many packets, signed anew before it expires. */
export class OutgoingJwts {
  private readonly signed = new WeakMap<Peer, Promise<Signed>>()

  constructor(private readonly clock: Clock) {}

  /** `peer.outgoingToken` is the secret, in base64. */
  async tokenFor(peer: Peer, subject: string): Promise<string> {
    const nowMs = this.clock.nowMs()
    const known = await this.signed.get(peer)
    if (known && nowMs < known.renewAtMs) return known.token
    const signing = sign(Buffer.from(peer.outgoingToken, 'base64'), subject, nowMs)
    this.signed.set(peer, signing)
    return (await signing).token
  }
}

async function sign(secret: Uint8Array, subject: string, nowMs: number): Promise<Signed> {
  const nowSeconds = Math.floor(nowMs / MS)
  const unsigned = new SignJWT().setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).setSubject(subject)
  const token = await unsigned.setExpirationTime(nowSeconds + LIFETIME_SECONDS).sign(secret)
  return { token, renewAtMs: nowMs + RENEW_AFTER_SECONDS * MS }
}

import { hash } from 'node:crypto'
import { decodePrepare, PacketError } from '@kivuko/ilp'
import type { OutgoingJwts, Peer } from '@kivuko/peering'
import { type Clock, type Logger } from '@kivuko/platform'
import type { Answer } from '../http-answer.js'
import type { HttpTransport } from '../http-transport.js'
import { Unanswered } from '../unanswered.js'
import { pause } from './attempts.js'
import { callbackOf } from './callback-of.js'

/** A packet whose sender takes the reply at a callback. */
export interface AsyncRequest {
  readonly peer: Peer
  readonly requestId: string
  readonly callbackUrl: string | undefined
  readonly bytes: Buffer
}

/** `accepted`: the reply will be posted. `invalid` and `busy`: it will not, for the reason given. */
export type Acceptance = { readonly kind: 'accepted' } | { readonly kind: 'invalid' | 'busy'; readonly message: string }

interface Owed {
  readonly digest: string
  readonly expiresAtMs: number
  reply: Buffer | undefined
  isPosting: boolean
}

const ACCEPTED: Acceptance = { kind: 'accepted' }
const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i
// A few hundred bytes each; more at once than a peer gets answered in the life of a packet.
const MAX_OWED = 50_000
const ATTEMPT_MS = 5_000
// However late a packet says that it expires: no sender holds one that long.
const LONGEST_LIFE_MS = 300_000

/**
 * Replies that we owe peers (RFC 35, draft 3). A packet is handled once for each Request-Id, and its reply posted until
 * the peer takes or refuses it, or the packet has expired. In memory: after a restart the sender's next attempt is
 * handled anew, and charged no second time, since its bytes are the same.
 */
export class OwedReplies {
  private readonly owed = new Map<string, Owed>()
  private readonly underWay = new Set<Promise<void>>()

  constructor(
    private readonly http: HttpTransport,
    private readonly jwts: OutgoingJwts,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  accept(request: AsyncRequest, handle: (bytes: Buffer) => Promise<Buffer>): Acceptance {
    const { peer, requestId, bytes } = request
    if (!UUID_V4.test(requestId)) return invalid('The Request-Id header must be a UUID of version 4')
    const callbackUrl = callbackOf(peer, request.callbackUrl)
    if (callbackUrl === undefined) {
      return invalid("The Callback-Url header must name the host of the peer's endpoint, or the configured callback")
    }
    const key = `${peer.id} ${requestId.toLowerCase()}`
    const digest = hash('sha256', bytes, 'base64')
    const known = this.owed.get(key)
    if (known && known.digest !== digest) return invalid('Another packet came with this Request-Id: choose a new one')
    if (known) {
      if (known.reply && !known.isPosting) this.run(this.post(peer, callbackUrl, requestId, known, known.reply))
      return ACCEPTED
    }
    if (this.owed.size >= MAX_OWED) return { kind: 'busy', message: 'Too many replies are owed already, try again' }
    const expiresAtMs = this.expiryOf(bytes)
    if (typeof expiresAtMs === 'string') return invalid(expiresAtMs)
    const owed: Owed = { digest, expiresAtMs, reply: undefined, isPosting: false }
    this.owed.set(key, owed)
    setTimeout(() => this.owed.delete(key), Math.max(expiresAtMs - this.clock.nowMs(), 0)).unref()
    this.run(this.answer(request, callbackUrl, owed, handle))
    return ACCEPTED
  }

  /** Resolves when nothing is owed any more that could still be posted. */
  async drained(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay)
  }

  /** What is wrong with the packet, in words, when it is none. */
  private expiryOf(bytes: Buffer): number | string {
    try {
      return Math.min(decodePrepare(bytes).expiresAt.getTime(), this.clock.nowMs() + LONGEST_LIFE_MS)
    } catch (error) {
      if (error instanceof PacketError) return error.message
      throw error
    }
  }

  private async answer(
    { peer, requestId, bytes }: AsyncRequest,
    callbackUrl: string,
    owed: Owed,
    handle: (bytes: Buffer) => Promise<Buffer>,
  ): Promise<void> {
    const reply = await handle(bytes).catch(unlessUnanswered)
    // The same id again is handled anew, and may be answered then.
    if (reply === undefined) return this.forget(owed)
    owed.reply = reply
    await this.post(peer, callbackUrl, requestId, owed, owed.reply)
  }

  private async post(peer: Peer, url: string, requestId: string, owed: Owed, reply: Buffer): Promise<void> {
    owed.isPosting = true
    const subject = peer.outgoingOptions?.jwtSubject
    for (let attempt = 1; ; attempt++) {
      const outgoingToken = subject ? await this.jwts.tokenFor(peer, subject) : peer.outgoingToken
      const { isConfined } = peer
      const endpoint = { id: `${peer.id} callback`, outgoingEndpoint: url, outgoingToken, isConfined }
      const leftMs = Math.min(owed.expiresAtMs - this.clock.nowMs(), ATTEMPT_MS)
      const isDone = await this.http.post(endpoint, reply, leftMs, ['request-id', requestId], isTakenOrRefused)
      if (isDone === true || !(await pause(attempt, owed.expiresAtMs, this.clock))) break
    }
    owed.isPosting = false
  }

  private forget(owed: Owed): void {
    for (const [key, known] of this.owed) if (known === owed) this.owed.delete(key)
  }

  private run(work: Promise<void>): void {
    const noted = work
      .catch((err: unknown) => this.logger.error({ err }, 'a reply owed at a callback could not be given'))
      .finally(() => this.underWay.delete(noted))
    this.underWay.add(noted)
  }
}

function invalid(message: string): Acceptance {
  return { kind: 'invalid', message }
}

function unlessUnanswered(error: unknown): undefined {
  if (!(error instanceof Unanswered)) throw error
}

/** RFC 35: a 2xx or 4xx ends the attempts, anything else is tried again. */
function isTakenOrRefused(answer: Answer): boolean {
  return answer.kind === 'answered' && answer.statusCode < 500
}

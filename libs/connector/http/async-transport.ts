import { randomUUID } from 'node:crypto'
import { decodeReply, PacketError } from '@kivuko/ilp'
import type { Clock } from '@kivuko/platform'
import { type Delivery, isForNow } from '../deliver.js'
import type { Answer } from '../http-answer.js'
import { type HttpTransport, notSent, refusedWith, unanswered } from '../http-transport.js'
import type { PeerEndpoint } from '../peer-endpoint.js'
import { pause } from './attempts.js'
import { type AwaitedReplies, type AwaitedReply } from './awaited-replies.js'

/** What the peer said to the packet: that its reply will come, or already what became of the packet. */
type Receipt = Delivery | { readonly kind: 'accepted' }

// A peer answers 202 before it looks at the packet: no answer by then is a lost one.
const ATTEMPT_MS = 2_000
// A reply that comes after the expiry still proves what became of the packet.
const LATE_MS = 1_000

/**
 * ILP over HTTP (RFC 35, draft 3): the packet goes out with an id and the address of our callback, and is sent again
 * with the same id until the peer has said that it has it, or the packet expires. The reply comes to the callback.
 */
export class AsyncTransport {
  constructor(
    private readonly http: HttpTransport,
    private readonly replies: AwaitedReplies,
    private readonly clock: Clock,
    private readonly callbackUrl: string | undefined,
  ) {}

  async send(peerId: string, endpoint: PeerEndpoint, bytes: Buffer, timeoutMs: number): Promise<Delivery> {
    if (this.callbackUrl === undefined) {
      return notSent('this node was not told where its callbacks arrive (ILP_CONNECTOR_URL)')
    }
    const requestId = randomUUID()
    const awaited = this.replies.expect(requestId, peerId, timeoutMs + LATE_MS)
    if (awaited === undefined) return notSent('too many replies are awaited already')
    const headers = ['prefer', 'respond-async', 'request-id', requestId, 'callback-url', this.callbackUrl]
    try {
      return await Promise.race([awaited.delivery, this.handOver(endpoint, bytes, timeoutMs, headers, awaited)])
    } finally {
      this.replies.forget(requestId)
    }
  }

  /** Until the peer has the packet; from then on only its reply counts. */
  private async handOver(
    endpoint: PeerEndpoint,
    bytes: Buffer,
    timeoutMs: number,
    headers: readonly string[],
    { delivery }: AwaitedReply,
  ): Promise<Delivery> {
    const expiresAtMs = this.clock.nowMs() + timeoutMs
    for (let attempt = 1, mayHaveIt = false; ; attempt++) {
      const leftMs = Math.min(expiresAtMs - this.clock.nowMs(), ATTEMPT_MS)
      const receipt = await this.http.post(endpoint, bytes, leftMs, headers, receiptFrom)
      if (receipt.kind === 'accepted') return delivery
      if (receipt.kind === 'replied' && !(mayHaveIt && isForNow(receipt.reply))) return receipt
      // After an attempt whose answer was lost, a refusal says nothing about that one.
      if (receipt.kind === 'refused' && !mayHaveIt) return receipt
      mayHaveIt = true
      if (!(await pause(attempt, expiresAtMs, this.clock))) return delivery
    }
  }
}

function receiptFrom(answer: Answer): Receipt {
  if (answer.kind === 'failed') return unanswered(answer)
  if (answer.statusCode === 202) return { kind: 'accepted' }
  // A peer that knows only the synchronous form has answered in it.
  if (answer.statusCode !== 200) return refusedWith(answer.statusCode)
  try {
    return { kind: 'replied', reply: decodeReply(answer.body) }
  } catch (error) {
    if (error instanceof PacketError) return { kind: 'refused', message: 'the peer answered no ILP packet' }
    throw error
  }
}

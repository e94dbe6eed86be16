import { decodeReply, PacketError } from '@kivuko/ilp'
import type { Peer } from '@kivuko/peering'
import type { Clock } from '@kivuko/platform'
import { Pool } from 'undici'
import { CircuitBreaker } from './circuit-breaker.js'
import type { Delivery, PeerTransport } from './deliver.js'
import { type Answer, AnswerCollector, isFailure } from './http-answer.js'

// HTTP/1.1 carries one packet per connection at a time, and a packet may be held for half a minute.
const CONNECTIONS_PER_PEER = 256
// Beyond this many packets waiting for one peer, more would only expire in the queue.
const MAX_WAITING_PER_PEER = 10_000
const CONNECT_TIMEOUT_MS = 5_000
// Longer than the pauses between the packets of a payment, shorter than the idle limit of common servers and balancers.
const KEEP_ALIVE_MS = 30_000
const UNUSED_AFTER_MS = 600_000
// The pipeline ends a packet on time; the connection may be given up a little later. Equal timeouts share one timer.
const PATIENCE_STEP_MS = 1_000

interface Link {
  readonly endpoint: string
  readonly token: string
  readonly path: string
  readonly headers: string[]
  readonly pool: Pool
  readonly breaker: CircuitBreaker
  waiting: number
  usedAtMs: number
}

/** ILP over HTTP (RFC 35), the synchronous form that today's nodes speak: the reply is the response's body. */
export class HttpTransport implements PeerTransport {
  private readonly links = new Map<string, Link>()
  private sweptAtMs: number

  constructor(private readonly clock: Clock) {
    this.sweptAtMs = clock.nowMs()
  }

  async send(peer: Peer, bytes: Buffer, timeoutMs: number): Promise<Delivery> {
    if (timeoutMs <= 0) return { kind: 'refused', message: 'the packet expired before it was sent' }
    const link = this.linkTo(peer)
    if (link.waiting >= MAX_WAITING_PER_PEER) {
      return { kind: 'refused', message: `${link.waiting} packets are waiting for the peer already` }
    }
    const pauseLeftMs = link.breaker.pauseLeftMs(this.clock.nowMs())
    if (pauseLeftMs !== undefined) {
      return { kind: 'refused', message: `it failed several times in a row, next trial in ${pauseLeftMs} ms` }
    }
    link.waiting++
    try {
      const answer = await this.exchange(link, bytes, timeoutMs)
      if (isFailure(answer)) link.breaker.failed(this.clock.nowMs())
      else if (answer.kind === 'answered') link.breaker.succeeded()
      return deliveryFrom(answer)
    } finally {
      link.waiting--
    }
  }

  /** Lets requests under way finish, then closes the connections. */
  async close(): Promise<void> {
    const links = [...this.links.values()]
    this.links.clear()
    await Promise.all(links.map(({ pool }) => pool.close()))
  }

  private exchange({ pool, path, headers }: Link, body: Buffer, timeoutMs: number): Promise<Answer> {
    const expiresAtMs = this.clock.nowMs() + timeoutMs
    const isExpired = () => this.clock.nowMs() >= expiresAtMs
    const patienceMs = Math.ceil(timeoutMs / PATIENCE_STEP_MS) * PATIENCE_STEP_MS
    return new Promise((resolve) => {
      const options = {
        path,
        method: 'POST',
        headers,
        body,
        headersTimeout: patienceMs,
        bodyTimeout: patienceMs,
      } as const
      pool.dispatch(options, new AnswerCollector(isExpired, resolve))
    })
  }

  private linkTo(peer: Peer): Link {
    const nowMs = this.clock.nowMs()
    const known = this.links.get(peer.id)
    if (known && known.endpoint === peer.outgoingEndpoint && known.token === peer.outgoingToken) {
      known.usedAtMs = nowMs
      return known
    }
    this.closeUnused(nowMs)
    if (known) closeLater(known)
    const link = openLink(peer, nowMs)
    this.links.set(peer.id, link)
    return link
  }

  /** Peers that were deleted or fell silent keep no pool. */
  private closeUnused(nowMs: number): void {
    if (nowMs - this.sweptAtMs < UNUSED_AFTER_MS) return
    this.sweptAtMs = nowMs
    for (const [peerId, link] of this.links) {
      if (link.waiting > 0 || nowMs - link.usedAtMs < UNUSED_AFTER_MS) continue
      this.links.delete(peerId)
      closeLater(link)
    }
  }
}

function openLink({ outgoingEndpoint, outgoingToken }: Peer, nowMs: number): Link {
  const { origin, pathname, search } = new URL(outgoingEndpoint)
  const octets = 'application/octet-stream'
  return {
    endpoint: outgoingEndpoint,
    token: outgoingToken,
    path: pathname + search,
    headers: ['content-type', octets, 'accept', octets, 'authorization', `Bearer ${outgoingToken}`],
    pool: new Pool(origin, {
      connections: CONNECTIONS_PER_PEER,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connect: { timeout: CONNECT_TIMEOUT_MS },
    }),
    breaker: new CircuitBreaker(),
    waiting: 0,
    usedAtMs: nowMs,
  }
}

/** Requests under way finish; a failure to close leaves nothing that anyone waits for. */
function closeLater({ pool }: Link): void {
  pool.close().catch(() => undefined)
}

// A gateway in front of the peer says so when it lost the peer's answer: the packet may have been taken.
const GATEWAY_LOST_THE_ANSWER = new Set([502, 504])

function deliveryFrom(answer: Answer): Delivery {
  if (answer.kind === 'failed') return { kind: answer.wasSent ? 'lost' : 'refused', message: answer.reason }
  if (answer.statusCode !== 200) {
    const kind = GATEWAY_LOST_THE_ANSWER.has(answer.statusCode) ? 'lost' : 'refused'
    return { kind, message: `the peer answered HTTP ${answer.statusCode}` }
  }
  try {
    return { kind: 'replied', reply: decodeReply(answer.body) }
  } catch (error) {
    if (error instanceof PacketError) return { kind: 'refused', message: 'the peer answered no ILP packet' }
    throw error
  }
}

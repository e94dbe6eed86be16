import { decodeReply, PacketError } from '@kivuko/ilp'
import type { Clock } from '@kivuko/platform'
import { isInternalLiteral, NOT_PUBLIC, publicLookup } from '@kivuko/tenants'
import { CircuitBreaker, type LinkHealth } from './circuit-breaker.js'
import type { Delivery, PeerTransport } from './deliver.js'
import { Connections } from './http/connections.js'
import { type Answer, failureOf } from './http-answer.js'
import type { PeerEndpoint } from './peer-endpoint.js'

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
  /** An address of this node's network, written out, where its tenant's connections must not lead; names are looked up. */
  readonly isForbidden: boolean
  token: string
  readonly path: string
  headers: string[]
  readonly connections: Connections
  readonly breaker: CircuitBreaker
  waiting: number
  usedAtMs: number
}

type Refused = Extract<Delivery, { kind: 'refused' }>

const NO_FURTHER_HEADERS: readonly string[] = []

/** ILP over HTTP (RFC 35), the synchronous form that today's nodes speak: the reply is the response's body. */
export class HttpTransport implements PeerTransport {
  private readonly links = new Map<string, Link>()
  private sweptAtMs: number

  constructor(private readonly clock: Clock) {
    this.sweptAtMs = clock.nowMs()
  }

  send(endpoint: PeerEndpoint, bytes: Buffer, timeoutMs: number): Promise<Delivery> {
    return this.post(endpoint, bytes, timeoutMs, NO_FURTHER_HEADERS, deliveryFrom)
  }

  /** What `read` makes of the answer; `refused` when nothing was sent, to spare an endpoint that fails or is behind. */
  async post<Read>(
    endpoint: PeerEndpoint,
    bytes: Buffer,
    timeoutMs: number,
    headers: readonly string[],
    read: (answer: Answer) => Read,
  ): Promise<Read | Refused> {
    if (timeoutMs <= 0) return notSent('the packet expired before it was sent')
    const link = this.linkTo(endpoint)
    if (link.isForbidden) return notSent(NOT_PUBLIC)
    if (link.waiting >= MAX_WAITING_PER_PEER) {
      return notSent(`${link.waiting} packets are waiting for the peer already`)
    }
    const pauseLeftMs = link.breaker.pauseLeftMs(this.clock.nowMs())
    if (pauseLeftMs !== undefined) {
      return notSent(`it failed several times in a row, next trial in ${pauseLeftMs} ms`)
    }
    link.waiting++
    try {
      const answer = await this.exchange(link, bytes, timeoutMs, headers)
      const failure = failureOf(answer)
      if (failure !== undefined) link.breaker.failed(this.clock.nowMs(), failure)
      else if (answer.kind === 'answered') link.breaker.succeeded()
      return read(answer)
    } finally {
      link.waiting--
    }
  }

  /** Undefined while nothing has been sent there. */
  healthOf(endpointId: string): LinkHealth | undefined {
    return this.links.get(endpointId)?.breaker.health(this.clock.nowMs())
  }

  /** Lets requests under way finish, then closes the connections. */
  async close(): Promise<void> {
    const links = [...this.links.values()]
    this.links.clear()
    await Promise.all(links.map(({ connections }) => connections.close()))
  }

  private exchange(link: Link, body: Buffer, timeoutMs: number, further: readonly string[]): Promise<Answer> {
    const headers = further.length === 0 ? link.headers : [...link.headers, ...further]
    const expiresAtMs = this.clock.nowMs() + timeoutMs
    const isExpired = () => this.clock.nowMs() >= expiresAtMs
    const patienceMs = Math.ceil(timeoutMs / PATIENCE_STEP_MS) * PATIENCE_STEP_MS
    const times = { headersTimeout: patienceMs, bodyTimeout: patienceMs }
    return link.connections.exchange({ path: link.path, method: 'POST', headers, body, ...times }, isExpired)
  }

  private linkTo(to: PeerEndpoint): Link {
    const nowMs = this.clock.nowMs()
    const known = this.links.get(to.id)
    if (known && known.endpoint === to.outgoingEndpoint) {
      known.usedAtMs = nowMs
      // A token is replaced without a new connection: the endpoint, and what is known of its health, stay the same.
      if (known.token !== to.outgoingToken) Object.assign(known, authorization(to.outgoingToken))
      return known
    }
    this.closeUnused(nowMs)
    if (known) closeLater(known)
    const link = openLink(to, nowMs)
    this.links.set(to.id, link)
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

function authorization(token: string): Pick<Link, 'token' | 'headers'> {
  const octets = 'application/octet-stream'
  return { token, headers: ['content-type', octets, 'accept', octets, 'authorization', `Bearer ${token}`] }
}

function openLink({ outgoingEndpoint, outgoingToken, isConfined = false }: PeerEndpoint, nowMs: number): Link {
  const url = new URL(outgoingEndpoint)
  const { origin, pathname, search } = url
  const connect = { timeout: CONNECT_TIMEOUT_MS, ...(isConfined && { lookup: publicLookup() }) }
  return {
    endpoint: outgoingEndpoint,
    isForbidden: isConfined && isInternalLiteral(url),
    path: pathname + search,
    ...authorization(outgoingToken),
    connections: new Connections(origin, CONNECTIONS_PER_PEER, {
      keepAliveTimeout: KEEP_ALIVE_MS,
      connect,
    }),
    breaker: new CircuitBreaker(),
    waiting: 0,
    usedAtMs: nowMs,
  }
}

/** Requests under way finish; a failure to close leaves nothing that anyone waits for. */
function closeLater({ connections }: Link): void {
  connections.close().catch(() => undefined)
}

// A gateway in front of the peer says so when it lost the peer's answer: the packet may have been taken.
const GATEWAY_LOST_THE_ANSWER = new Set([502, 504])

// Answered before the body was looked at, or instead of it: no packet was taken (RFC 9110 §15).
const NOT_TAKEN = new Set([401, 403, 404, 405, 411, 413, 415, 421, 429, 503])

export function notSent(message: string): Refused {
  return { kind: 'refused', message, isNotTaken: true }
}

/** What a request without an answer means for its packet. */
export function unanswered({ wasSent, reason }: Extract<Answer, { kind: 'failed' }>): Delivery {
  return wasSent ? { kind: 'lost', message: reason } : notSent(reason)
}

/** What a status that carries no reply means for the packet. */
export function refusedWith(statusCode: number): Delivery {
  const message = `the peer answered HTTP ${statusCode}`
  if (GATEWAY_LOST_THE_ANSWER.has(statusCode)) return { kind: 'lost', message }
  return { kind: 'refused', message, isNotTaken: NOT_TAKEN.has(statusCode) }
}

function deliveryFrom(answer: Answer): Delivery {
  if (answer.kind === 'failed') return unanswered(answer)
  if (answer.statusCode !== 200) return refusedWith(answer.statusCode)
  try {
    return { kind: 'replied', reply: decodeReply(answer.body) }
  } catch (error) {
    if (error instanceof PacketError) return { kind: 'refused', message: 'the peer answered no ILP packet' }
    throw error
  }
}

import { decodeReply, PacketError } from '@kivuko/ilp'
import { assert, type Clock } from '@kivuko/platform'
import { isInternalLiteral, NOT_PUBLIC, publicLookup } from '@kivuko/tenants'
import { CircuitBreaker, type LinkHealth } from './circuit-breaker.js'
import type { Delivery } from './deliver.js'
import { Connections } from './http/connections.js'
import { type Answer, failureOf } from './http-answer.js'
import type { PeerEndpoint } from './peer-endpoint.js'
import { CONNECTION_PLACES } from './peer-places.js'

// Beyond this many packets waiting for one peer, more would only expire in the queue.
const MAX_WAITING_PER_PEER = 10_000
const CONNECTIONS = {
  // HTTP/1.1 carries one packet per connection at a time: as many as there are places for packets under way.
  most: CONNECTION_PLACES.shared + CONNECTION_PLACES.spare,
  connectTimeoutMs: 5_000,
  // Longer than the pauses between the packets of a payment, shorter than the idle limit of common servers and balancers.
  keepAliveMs: 30_000,
}
const UNUSED_AFTER_MS = 600_000

interface Link {
  readonly endpoint: string
  /** An address of this node's network, written out, where its tenant's connections must not lead; names are looked up. */
  readonly isForbidden: boolean
  token: string
  /** The request's line and its fields, but for the length of the body. */
  head: string
  readonly connections: Connections
  readonly breaker: CircuitBreaker
  waiting: number
  /** Of its latest response. */
  chargesRepeatsOnce: boolean
  usedAtMs: number
}

type Refused = Extract<Delivery, { kind: 'refused' }>

const OCTETS = 'application/octet-stream'
// RFC 9110 §5.5. Checked by hand, since what is written here goes out as it is.
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
const NO_FURTHER_HEADERS: readonly string[] = []

/** ILP over HTTP (RFC 35), the synchronous form that today's nodes speak: the reply is the response's body. */
export class HttpTransport {
  private readonly links = new Map<string, Link>()
  private sweptAtMs: number

  constructor(private readonly clock: Clock) {
    this.sweptAtMs = clock.nowMs()
  }

  send(endpoint: PeerEndpoint, bytes: Buffer, timeoutMs: number): Promise<Delivery> {
    return this.post(endpoint, bytes, timeoutMs, NO_FURTHER_HEADERS, deliveryFrom)
  }

  /** What `read` makes of the answer; `refused` when nothing was sent, to spare an endpoint that fails or is behind. */
  post<Read>(
    endpoint: PeerEndpoint,
    body: Buffer,
    timeoutMs: number,
    headers: readonly string[],
    read: (answer: Answer) => Read,
  ): Promise<Read | Refused> {
    const nowMs = this.clock.nowMs()
    const link = this.linkTo(endpoint, nowMs)
    const obstacle = obstacleOn(link, timeoutMs, nowMs)
    if (obstacle !== undefined) return Promise.resolve(notSent(obstacle))
    const head = link.head + fieldsOf(headers)
    link.waiting++
    return new Promise((resolve, reject) => {
      const answer = (answer: Answer) => {
        link.waiting--
        const failure = failureOf(answer)
        if (failure !== undefined) link.breaker.failed(this.clock.nowMs(), failure)
        else if (answer.kind === 'answered') link.breaker.succeeded()
        noteWhatItCharges(link, answer)
        try {
          resolve(read(answer))
        } catch (error) {
          reject(error)
        }
      }
      link.connections.send({ head, body, expiresAtMs: nowMs + timeoutMs, answer })
    })
  }

  /** What its latest response said; undefined while nothing has been sent there. */
  chargesRepeatsOnce(endpointId: string): boolean | undefined {
    return this.links.get(endpointId)?.chargesRepeatsOnce
  }

  /** Why nothing would be sent now. Asking changes nothing. */
  obstacleTo({ id, outgoingEndpoint }: Pick<PeerEndpoint, 'id' | 'outgoingEndpoint'>): string | undefined {
    const link = this.links.get(id)
    if (link?.endpoint !== outgoingEndpoint) return undefined
    if (link.waiting >= MAX_WAITING_PER_PEER) return tooManyWaiting(link)
    const pauseLeftMs = link.breaker.pauseAheadMs(this.clock.nowMs())
    return pauseLeftMs === undefined ? undefined : pausedFor(pauseLeftMs)
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

  private linkTo(to: PeerEndpoint, nowMs: number): Link {
    const known = this.links.get(to.id)
    if (known && known.endpoint === to.outgoingEndpoint) {
      known.usedAtMs = nowMs
      // A token is replaced without a new connection: the endpoint, and what is known of its health, stay the same.
      if (known.token !== to.outgoingToken) {
        known.token = to.outgoingToken
        known.head = headFor(new URL(known.endpoint), known.token)
      }
      return known
    }
    this.closeUnused(nowMs)
    if (known) closeLater(known)
    const link = openLink(to, this.clock)
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

/** A gateway that answers in its place says nothing of the next hop. */
function noteWhatItCharges(link: Link, answer: Answer): void {
  if (answer.kind === 'failed') return
  if (answer.chargesRepeatsOnce || answer.statusCode < 500) link.chargesRepeatsOnce = answer.chargesRepeatsOnce
}

/** Why nothing is sent now; undefined when it can be. */
function obstacleOn(link: Link, timeoutMs: number, nowMs: number): string | undefined {
  const { isForbidden, waiting, breaker } = link
  if (timeoutMs <= 0) return 'the packet expired before it was sent'
  if (isForbidden) return NOT_PUBLIC
  if (waiting >= MAX_WAITING_PER_PEER) return tooManyWaiting(link)
  const pauseLeftMs = breaker.pauseLeftMs(nowMs)
  return pauseLeftMs === undefined ? undefined : pausedFor(pauseLeftMs)
}

function tooManyWaiting({ waiting }: Link): string {
  return `${waiting} packets are waiting for the peer already`
}

function pausedFor(leftMs: number): string {
  return `it failed several times in a row, next trial in ${leftMs} ms`
}

function openLink({ outgoingEndpoint, outgoingToken, isConfined = false }: PeerEndpoint, clock: Clock): Link {
  const url = new URL(outgoingEndpoint)
  return {
    endpoint: outgoingEndpoint,
    isForbidden: isConfined && isInternalLiteral(url),
    token: outgoingToken,
    head: headFor(url, outgoingToken),
    connections: new Connections(url, clock, { ...CONNECTIONS, ...(isConfined && { lookup: publicLookup() }) }),
    breaker: new CircuitBreaker(),
    waiting: 0,
    chargesRepeatsOnce: false,
    usedAtMs: clock.nowMs(),
  }
}

/** Made once for each peer, and the same for all of its packets. */
function headFor({ pathname, search, host }: URL, token: string): string {
  const fields = ['host', host, 'content-type', OCTETS, 'accept', OCTETS, 'authorization', `Bearer ${token}`]
  return `POST ${pathname}${search} HTTP/1.1\r\n${fieldsOf(fields)}`
}

function fieldsOf(namesAndValues: readonly string[]): string {
  let text = ''
  for (let at = 0; at < namesAndValues.length; at += 2) {
    const [name, value = ''] = namesAndValues.slice(at, at + 2)
    assert(FIELD_VALUE.test(value), `the header ${name} of a request has only characters that HTTP allows`)
    text += `${name}: ${value}\r\n`
  }
  return text
}

/** Requests under way finish; a failure to close leaves nothing that anyone waits for. */
function closeLater({ connections }: Link): void {
  connections.close().catch(() => undefined)
}

// A gateway in front of the peer says so when it lost the peer's answer: the packet may have been taken. 520 and 524 are
// what a large content network says of an answer that made no sense or did not come in time.
const GATEWAY_LOST_THE_ANSWER = new Set([502, 504, 520, 524])

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

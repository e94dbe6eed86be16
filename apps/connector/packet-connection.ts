import type { Socket } from 'node:net'
import { type Burst, CALLBACK_PATH, type ConnectorService, peerAccount, Unanswered } from '@kivuko/connector'
import type { PeersService } from '@kivuko/peering'
import type { Logger } from '@kivuko/platform'
import { OCTETS } from './admit-peer.js'
import { PlainRequests } from './plain-request.js'
import type { ResponseText } from './response-text.js'

export interface PacketConnectionParts {
  readonly connector: Pick<ConnectorService, 'handle'>
  readonly peers: Pick<PeersService, 'byToken'>
  readonly logger: Logger
  readonly maxBytes: number
  readonly times: { readonly requestTimeoutMs: number; readonly keepAliveMs: number }
  readonly state: { readonly isClosing: boolean }
  readonly responses: ResponseText
  /** In which all connections answer. */
  readonly burst: Burst
  /** To Node's own server, as if it had just been made. */
  readonly handOver: (socket: Socket) => void
}

// A status that says of the packet that its answer was lost: it may have been taken.
export const UNANSWERED = 'It is not known yet whether the packet was taken: send the same bytes again until it expires'
const TEXT = 'text/plain; charset=utf-8'
// A client that sends just as its time runs out is still answered.
const GRACE_MS = 1_000

/**
 * A peer's connection, read here as long as each request on it is a packet, wholly there and from a known peer, and the
 * next one waits for the reply. At the first that is not, the connection is Node's for good, with all that is unread:
 * every refusal, and every freedom that HTTP leaves, are there.
 */
export class PacketConnection {
  private readonly requests = new PlainRequests(OCTETS, CALLBACK_PATH)
  private isBusy = false
  private hasEnded = false
  private isKept = false
  /** Came while the packet before was under way. */
  private unread: Buffer[] = []
  private readonly onData = (octets: Buffer) => this.push(octets)
  private readonly onEnd = () => this.end()
  private readonly onTimeout = () => this.close()
  private readonly onError = () => void this.socket.destroy()
  private readonly onClose = () => this.gone(this)

  constructor(
    private readonly socket: Socket,
    private readonly parts: PacketConnectionParts,
    private readonly gone: (connection: PacketConnection) => void,
  ) {
    socket.on('data', this.onData).on('end', this.onEnd).on('close', this.onClose)
    socket.on('timeout', this.onTimeout).on('error', this.onError)
    socket.setTimeout(parts.times.requestTimeoutMs)
  }

  /** The door closes, or nothing came for long: an answer that is owed is still sent. */
  close(): void {
    if (!this.isBusy) this.socket.destroy()
  }

  private push(octets: Buffer): void {
    if (!this.isBusy) {
      this.take(octets)
      return
    }
    // Sent without waiting for the answer, in which this node does not follow it.
    this.unread.push(octets)
    this.socket.pause()
  }

  private take(octets: Buffer): void {
    const { peers, maxBytes, state, connector, logger } = this.parts
    const head = this.requests.read(octets)
    const isPlain = head !== undefined && octets.length === head.bodyStart + head.bodyLength
    const peer = isPlain && head.bodyLength <= maxBytes && !state.isClosing ? peers.byToken(head.token) : undefined
    if (head === undefined || peer === undefined) {
      this.leave(octets)
      return
    }
    this.isBusy = true
    connector
      .handle(octets.subarray(head.bodyStart), peerAccount(peer))
      .then((reply) => this.parts.burst.add(() => this.answer(200, OCTETS, reply.toString('latin1'))))
      .catch((error: unknown) => {
        if (error instanceof Unanswered) return this.answer(504, TEXT, UNANSWERED)
        logger.error({ err: error, peer: peer.id }, 'a packet request failed')
        return this.answer(500, TEXT, 'Internal Server Error')
      })
  }

  private answer(statusCode: 200 | 500 | 504, type: string, body: string): void {
    const { socket, parts } = this
    const isLast = parts.state.isClosing || this.hasEnded
    const text = parts.responses.of({ statusCode, type, body, isLast })
    this.isBusy = false
    if (isLast) {
      socket.end(text, 'latin1')
      return
    }
    const hasRoom = socket.write(text, 'latin1')
    if (!this.isKept) {
      this.isKept = true
      socket.setTimeout(parts.times.keepAliveMs + GRACE_MS)
    }
    if (this.unread.length > 0) this.leave(Buffer.concat(this.unread))
    else if (!hasRoom) this.awaitReader()
  }

  /** Of a client that does not read what it is answered nothing more is read. */
  private awaitReader(): void {
    this.socket.pause()
    this.socket.once('drain', () => this.socket.resume())
  }

  private end(): void {
    this.hasEnded = true
    if (!this.isBusy) this.socket.end()
  }

  private leave(octets: Buffer): void {
    const { socket } = this
    socket.pause()
    socket.off('data', this.onData).off('end', this.onEnd).off('close', this.onClose)
    socket.off('timeout', this.onTimeout).off('error', this.onError)
    socket.setTimeout(0)
    this.gone(this)
    this.parts.handOver(socket)
    socket.unshift(octets)
    process.nextTick(() => socket.resume())
  }
}

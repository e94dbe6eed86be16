import type { Socket } from 'node:net'
import type { Clock } from '@kivuko/platform'
import type { Burst } from '../burst.js'
import { type Answer, EXPIRED, NO_ANSWER } from '../http-answer.js'
import { MalformedResponse } from './malformed-response.js'
import { type Response, ResponseReader } from './response-reader.js'

/** A request: its line and fields, but for the length of its body; and who is told its answer, once. */
export interface PeerRequest {
  readonly head: string
  readonly body: Buffer
  readonly expiresAtMs: number
  readonly answer: (answer: Answer) => void
}

export interface ConnectionTimes {
  readonly connectTimeoutMs: number
  /** How long a connection is kept that nothing is sent over. */
  readonly keepAliveMs: number
}

/** What a connection tells those who keep it. */
export interface Keeper {
  /** In which all its connections write. */
  readonly burst: Burst
  free(connection: PeerConnection): void
  gone(connection: PeerConnection): void
}

/** An answer that comes so long after the expiry still tells what became of the packet. */
export const LATE_MS = 500
// A server that keeps connections for as long as it says may close one just as a request leaves.
const SAFETY_MS = 1_000

/**
 * One keep-alive connection, with one request at a time. Written for packets: a request is one write, a response is read
 * as it comes. The ready-made client takes 10 µs of processor time more for each (docs/decisions/0019).
 */
export class PeerConnection {
  private readonly reader = new ResponseReader()
  private request: PeerRequest | undefined
  private wasSent = false
  private isOpen = false
  private isGone = false
  private sinceMs: number
  private idleMs: number

  constructor(
    private readonly socket: Socket,
    private readonly keeper: Keeper,
    private readonly clock: Clock,
    private readonly times: ConnectionTimes,
  ) {
    this.sinceMs = clock.nowMs()
    this.idleMs = times.keepAliveMs
    let reason = 'CLOSED'
    socket.on('end', () => this.ended())
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // The code, not the message: a message names hosts and ports, and the reason travels to the sender.
      reason = error.code ?? error.name
    })
    socket.on('close', () => this.fail(reason))
  }

  /** Called when the connection is made, and its server known to be the right one. */
  opened(): void {
    this.isOpen = true
    if (this.request) this.write(this.request)
  }

  send(request: PeerRequest): void {
    this.request = request
    this.socket.ref()
    if (this.isOpen) this.write(request)
  }

  /** Looked at once in a while: timers of their own would cost each packet more than all of this. */
  look(nowMs: number): void {
    if (!this.isOpen) {
      if (nowMs - this.sinceMs >= this.times.connectTimeoutMs) this.fail('CONNECT_TIMEOUT')
    } else if (this.request) {
      if (nowMs >= this.request.expiresAtMs + LATE_MS) this.fail(NO_ANSWER)
    } else if (nowMs - this.sinceMs >= this.idleMs) this.close()
  }

  /** What came from its server. */
  take(octets: Buffer): void {
    if (!this.wasSent) {
      this.fail('MALFORMED_RESPONSE')
      return
    }
    try {
      const response = this.reader.push(octets)
      if (response) this.finish(response)
    } catch (error) {
      if (!(error instanceof MalformedResponse)) throw error
      this.fail(error.code)
    }
  }

  /** Only while it is idle. */
  close(): void {
    this.leave()
    this.socket.end()
  }

  private write(request: PeerRequest): void {
    if (this.clock.nowMs() >= request.expiresAtMs) {
      this.becomeFree()
      request.answer({ kind: 'failed', wasSent: false, reason: EXPIRED })
      return
    }
    this.wasSent = true
    const head = `${request.head}content-length: ${request.body.length}\r\n\r\n`
    const octets = Buffer.allocUnsafe(head.length + request.body.length)
    octets.write(head, 'latin1')
    request.body.copy(octets, head.length)
    this.keeper.burst.add(() => this.socket.write(octets))
  }

  private ended(): void {
    const response = this.wasSent ? this.reader.end() : undefined
    if (response) this.finish(response)
    // Its server has said its last word: what went out here now would be lost.
    else this.fail('CLOSED')
  }

  private finish({ statusCode, body, isReusable, idleMs, chargesRepeatsOnce }: Response): void {
    const { request } = this
    if (idleMs !== undefined) this.idleMs = Math.min(this.times.keepAliveMs, Math.max(idleMs - SAFETY_MS, 0))
    if (isReusable) this.becomeFree()
    else this.discard()
    request?.answer({ kind: 'answered', statusCode, body, chargesRepeatsOnce })
  }

  private becomeFree(): void {
    this.request = undefined
    this.wasSent = false
    this.sinceMs = this.clock.nowMs()
    this.socket.unref()
    this.keeper.free(this)
  }

  private fail(reason: string): void {
    const { request, wasSent } = this
    this.discard()
    request?.answer({ kind: 'failed', wasSent, reason })
  }

  private discard(): void {
    this.request = undefined
    this.wasSent = false
    this.leave()
    this.socket.destroy()
  }

  private leave(): void {
    if (this.isGone) return
    this.isGone = true
    this.keeper.gone(this)
  }
}

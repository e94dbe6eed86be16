import { connect as connectOverTcp, isIP, type LookupFunction, type TcpNetConnectOpts } from 'node:net'
import { connect as connectOverTls } from 'node:tls'
import type { Clock } from '@kivuko/platform'
import { Burst } from '../burst.js'
import { EXPIRED } from '../http-answer.js'
import { type ConnectionTimes, LATE_MS, PeerConnection, type PeerRequest } from './peer-connection.js'

export interface ConnectionsOptions extends ConnectionTimes {
  readonly most: number
  /** How its host's name is resolved; undefined: as the system does. */
  readonly lookup?: LookupFunction
}

// Deadlines and idle connections are looked after this often; nothing waits for it.
const LOOK_EVERY_MS = 500
/** For so long after the expiry of a request that nobody answered its connection may still be busy with it. */
export const BUSY_AFTER_EXPIRY_MS = LATE_MS + LOOK_EVERY_MS
// Read into by one connection after the other, and copied from at once: a buffer for each answer is as dear as its work.
const ARRIVED = Buffer.alloc(65_536)

/** Keep-alive connections to one origin, each with one request at a time. The one that was used last is taken first. */
export class Connections {
  readonly burst = new Burst()
  private readonly all = new Set<PeerConnection>()
  private readonly idle: PeerConnection[] = []
  private readonly waiting: PeerRequest[] = []
  private looking: NodeJS.Timeout | undefined
  private session: Buffer | undefined
  private onAllIdle: (() => void) | undefined

  constructor(
    private readonly url: URL,
    private readonly clock: Clock,
    private readonly options: ConnectionsOptions,
  ) {}

  /** Waits for a connection where all are busy. */
  send(request: PeerRequest): void {
    const connection = this.idle.pop() ?? this.another()
    if (connection === undefined) this.waiting.push(request)
    else connection.send(request)
  }

  /** Lets what is under way or waits finish, then closes the connections. */
  async close(): Promise<void> {
    if (this.idle.length < this.all.size) await new Promise<void>((resolve) => (this.onAllIdle = resolve))
    for (const connection of [...this.all]) connection.close()
  }

  /** Of a connection: it can take another request. */
  free(connection: PeerConnection): void {
    const next = this.nextWaiting()
    if (next !== undefined) {
      connection.send(next)
      return
    }
    this.idle.push(connection)
    this.noteIfAllIdle()
  }

  /** Of a connection: it is closed. */
  gone(connection: PeerConnection): void {
    this.all.delete(connection)
    const place = this.idle.indexOf(connection)
    if (place !== -1) this.idle.splice(place, 1)
    const next = this.nextWaiting()
    if (next !== undefined) this.send(next)
    this.noteIfAllIdle()
    if (this.all.size > 0) return
    clearInterval(this.looking)
    this.looking = undefined
  }

  private nextWaiting(): PeerRequest | undefined {
    for (;;) {
      const next = this.waiting.shift()
      if (next === undefined || this.clock.nowMs() < next.expiresAtMs) return next
      next.answer({ kind: 'failed', wasSent: false, reason: EXPIRED })
    }
  }

  private noteIfAllIdle(): void {
    if (this.idle.length === this.all.size) this.onAllIdle?.()
  }

  private another(): PeerConnection | undefined {
    if (this.all.size === this.options.most) return undefined
    const connection = this.open()
    this.all.add(connection)
    this.looking ??= setInterval(() => this.look(), LOOK_EVERY_MS).unref()
    return connection
  }

  private open(): PeerConnection {
    const { protocol, port } = this.url
    const isSecure = protocol === 'https:'
    const host = this.url.hostname.replace(/^\[|\]$/g, '')
    const { lookup } = this.options
    const options = { host, port: port === '' ? (isSecure ? 443 : 80) : Number.parseInt(port, 10), lookup }
    const connect = { ...options, noDelay: true, keepAlive: true } satisfies TcpNetConnectOpts
    if (!isSecure) {
      const onread = {
        buffer: ARRIVED,
        callback: (length: number) => {
          connection.take(Buffer.from(ARRIVED.subarray(0, length)))
          return true
        },
      }
      const socket = connectOverTcp({ ...connect, onread })
      const connection = new PeerConnection(socket, this, this.clock, this.options)
      socket.once('connect', () => connection.opened())
      return connection
    }
    const servername = isIP(host) === 0 ? host : ''
    const socket = connectOverTls({ ...connect, servername, ALPNProtocols: ['http/1.1'], session: this.session })
    const connection = new PeerConnection(socket, this, this.clock, this.options)
    socket.on('data', (octets) => connection.take(octets))
    socket.once('secureConnect', () => connection.opened())
    // A further connection then takes half as much of both sides' time.
    socket.on('session', (session) => {
      this.session = session
    })
    return connection
  }

  private look(): void {
    const nowMs = this.clock.nowMs()
    for (const connection of [...this.all]) connection.look(nowMs)
  }
}

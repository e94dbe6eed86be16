import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { SystemClock } from '@kivuko/platform'
import { Latencies } from './latencies.js'
import { PrepareBytes, TOKEN } from './packets.js'
import { MessageReader } from './wire.js'

const FULFILL_TYPE = 13
const READ_BYTES = 16_384
const clock = new SystemClock()

/** Connections that hold one packet each: as many are in flight as there are connections. */
export class Generator {
  private readonly lanes: Lane[] = []

  private constructor() {}

  static async connect(url: string, inFlight: number): Promise<Generator> {
    const generator = new Generator()
    const { hostname, port } = new URL(url)
    for (let n = 0; n < inFlight; n++) {
      const lane = new Lane(hostname, Number.parseInt(port, 10))
      await lane.connected()
      generator.lanes.push(lane)
    }
    return generator
  }

  /** Each lane sends its next packet as soon as the last one is answered. */
  async run(forMs: number): Promise<Latencies> {
    const latencies = new Latencies()
    const startedMs = performance.now()
    const endMs = startedMs + forMs
    const drive = async (lane: Lane) => {
      for (let sentMs = startedMs; sentMs < endMs; ) {
        await lane.exchange()
        const answeredMs = performance.now()
        latencies.add(answeredMs - sentMs)
        sentMs = answeredMs
      }
    }
    await Promise.all(this.lanes.map(drive))
    return latencies.over(performance.now() - startedMs)
  }

  /**
   * Sends at a fixed rate, whatever the answers do: a packet's time counts from when it was due, so that a pause of the
   * node is seen by every packet that it held up.
   */
  async runAt(packetsPerSecond: number, forMs: number): Promise<Latencies> {
    const latencies = new Latencies()
    const startedMs = performance.now()
    const total = Math.floor((packetsPerSecond * forMs) / 1_000)
    let taken = 0
    const drive = async (lane: Lane) => {
      while (taken < total) {
        const dueMs = startedMs + (taken++ * 1_000) / packetsPerSecond
        const waitMs = dueMs - performance.now()
        if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
        // A timer fires up to a millisecond late; that is the generator's doing, not the node's.
        const sentMs = waitMs > 0 ? performance.now() : dueMs
        await lane.exchange()
        latencies.add(performance.now() - sentMs)
      }
    }
    await Promise.all(this.lanes.map(drive))
    return latencies.over(performance.now() - startedMs)
  }

  close(): void {
    for (const lane of this.lanes) lane.close()
  }
}

class Lane {
  private readonly packets = new PrepareBytes()
  private readonly request: Buffer
  private readonly bodyStart: number
  private answered: (() => void) | undefined
  private failed: ((error: Error) => void) | undefined
  private readonly socket: Socket

  constructor(host: string, port: number) {
    const headers = ['content-type: application/octet-stream', `authorization: Bearer ${TOKEN}`]
    const head = `POST /ilp HTTP/1.1\r\nhost: node\r\n${headers.join('\r\n')}\r\ncontent-length: ${this.packets.length}\r\n\r\n`
    this.bodyStart = head.length
    this.request = Buffer.concat([Buffer.from(head), Buffer.alloc(this.packets.length)])
    const reader = new MessageReader((head, body) => this.take(head, body))
    const buffer = Buffer.alloc(READ_BYTES)
    const callback = (length: number) => {
      reader.push(buffer.subarray(0, length))
      return true
    }
    this.socket = connect({ host, port, noDelay: true, onread: { buffer, callback } })
    this.socket.on('error', (error) => this.failed?.(error))
    this.socket.on('close', () => this.failed?.(new Error('the connection was closed')))
  }

  async connected(): Promise<void> {
    await once(this.socket, 'connect')
  }

  exchange(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.answered = resolve
      this.failed = reject
      this.packets.next().copy(this.request, this.bodyStart)
      this.socket.write(this.request)
    })
  }

  close(): void {
    this.failed = undefined
    this.socket.destroy()
  }

  private take(head: Buffer, body: Buffer): void {
    if (body[0] === FULFILL_TYPE) this.answered?.()
    else this.failed?.(new Error(`at ${clock.now().toISOString()} expected a fulfill, found ${head}${body}`))
  }
}

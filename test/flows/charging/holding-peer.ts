import type { ServerResponse } from 'node:http'
import { waitFor } from '../../harness/wait-for.js'
import { ScriptedPeer } from '../../interop/scripted-peer.js'

type Headers = Readonly<Record<string, string>>

const OCTETS = { 'content-type': 'application/octet-stream' }
/** Of a next hop that charges the same bytes once, however often they come. */
export const CHARGED_ONCE = { ...OCTETS, 'ilp-repeats': 'charged-once' }

/** A next hop that answers a packet when the test says so. */
export class HoldingPeer {
  private readonly held: ServerResponse[] = []

  private constructor(
    private readonly peer: ScriptedPeer,
    private readonly headers: Headers,
  ) {
    peer.does((response) => void this.held.push(response))
  }

  static async start(headers: Headers = OCTETS): Promise<HoldingPeer> {
    return new HoldingPeer(await ScriptedPeer.start(), headers)
  }

  get url(): string {
    return this.peer.url
  }

  /** Everything that came, in order. */
  get bodies(): string[] {
    return this.peer.requests.map(({ body }) => body.toString('hex'))
  }

  async has(count: number): Promise<void> {
    await waitFor(`${count} packets are at the next hop`, () => this.bodies.length >= count)
  }

  /** Answers what it holds, or the first `count` of it. */
  answer(reply: Buffer, count = this.held.length): void {
    for (const response of this.held.splice(0, count)) response.writeHead(200, this.headers).end(reply)
  }

  answersAtOnce(reply: Buffer): void {
    this.peer.does((response) => void response.writeHead(200, this.headers).end(reply))
  }

  close(): Promise<void> {
    return this.peer.close()
  }
}

import type { IlpPlugin } from '@kivuko/connector'
import { request } from 'undici'
import { type Listening, listen, readBody } from '../harness/listen.js'

type OnPacket = (bytes: Buffer) => Promise<Buffer>

const OCTETS = 'application/octet-stream'

/** Our plugin with the methods that ilp-protocol-stream also calls; nothing is ever sent towards a sender. */
export function asStreamPlugin(plugin: IlpPlugin) {
  return { ...plugin, registerDataHandler: (_: OnPacket) => undefined, deregisterDataHandler: () => undefined }
}

/** A foreign node's end of ILP over HTTP, as a plugin: posts to our door, and listens for what our node posts to it. */
export class HttpPlugin {
  private listening: Listening | undefined
  private onPacket: OnPacket | undefined

  constructor(
    private readonly token: string,
    private readonly doorUrl: () => string,
  ) {}

  get url(): string {
    if (!this.listening) throw new Error('the plugin does not listen yet')
    return this.listening.url
  }

  async start(): Promise<void> {
    this.listening = await listen(async (incoming, outgoing) => {
      const isOurs =
        incoming.headers.authorization === `Bearer ${this.token}` && incoming.headers['content-type'] === OCTETS
      const body = await readBody(incoming)
      if (!isOurs || !this.onPacket) return outgoing.writeHead(401).end()
      outgoing.writeHead(200, { 'content-type': OCTETS }).end(await this.onPacket(body))
    })
  }

  async connect(): Promise<void> {}

  async disconnect(): Promise<void> {
    await this.listening?.close()
    this.listening = undefined
  }

  isConnected(): boolean {
    return this.listening !== undefined
  }

  async sendData(body: Buffer): Promise<Buffer> {
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': OCTETS, accept: OCTETS }
    const response = await request(this.doorUrl(), { method: 'POST', headers, body })
    return Buffer.from(await response.body.arrayBuffer())
  }

  registerDataHandler(onPacket: OnPacket): void {
    this.onPacket = onPacket
  }

  deregisterDataHandler(): void {
    this.onPacket = undefined
  }
}

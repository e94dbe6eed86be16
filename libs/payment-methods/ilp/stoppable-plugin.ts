import type { IlpPlugin } from '@kivuko/connector'
import { decodeReply, encodeReply, reject } from '@kivuko/ilp'

const STOPPED = encodeReply(reject('R99', '', 'the sender stopped', Buffer.alloc(0)))

/**
 * Between the sender and the pipeline: remembers the last refusal, which says why, and stops the sender, which has no
 * switch of its own, by answering every further packet with a final reject. Packets under way are answered as they come.
 */
export class StoppablePlugin implements IlpPlugin {
  private stopped = false
  private last: string | undefined

  constructor(private readonly plugin: IlpPlugin) {}

  get lastReject(): string | undefined {
    return this.last
  }

  stop(): void {
    this.stopped = true
  }

  connect(): Promise<void> {
    return this.plugin.connect()
  }

  disconnect(): Promise<void> {
    return this.plugin.disconnect()
  }

  isConnected(): boolean {
    return this.plugin.isConnected()
  }

  async sendData(prepare: Buffer): Promise<Buffer> {
    if (this.stopped) return STOPPED
    const bytes = await this.plugin.sendData(prepare)
    const reply = decodeReply(bytes)
    if (reply.type === 'reject') {
      const { code, triggeredBy, message } = reply
      this.last = `${code}${triggeredBy === '' ? '' : ` by ${triggeredBy}`}${message === '' ? '' : `: ${message}`}`
    }
    return bytes
  }
}

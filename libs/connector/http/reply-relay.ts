import { randomUUID } from 'node:crypto'
import { decodeReply } from '@kivuko/ilp'
import type { ChangeFeed, DataSource } from '@kivuko/platform'
import type { AwaitedReplies } from './awaited-replies.js'

/** Carries texts between the processes of a node. */
export interface ReplyWire {
  tell(process: string, text: string): Promise<void>
  hear(process: string, take: (text: string) => Promise<void>): void
}

// Postgres takes less than 8,000 bytes in a notification; STREAM's replies are a few hundred.
const MAX_TEXT = 7_800
const UUID = /^[0-9a-f-]{36}$/i

/** Over Postgres, as changes are told. */
export function wireOver(feed: ChangeFeed, dataSource: DataSource): ReplyWire {
  const topic = (process: string) => `ilp-reply-${process}`
  return {
    tell: (process, text) => feed.publish(dataSource.manager, topic(process), text),
    hear: (process, take) =>
      feed.subscribe(topic(process), async (text) => {
        if (text !== undefined) await take(text)
      }),
  }
}

/** `unheard`: the process that the callback named did not say, since it has ended or is out of reach. */
export type Taking = 'taken' | 'not-awaited' | 'unheard'

// A process that lives answers in milliseconds; the peer tries again after a 5xx.
const ANSWER_TIMEOUT_MS = 1_000

/**
 * A reply may arrive at another process than the one that awaits it: behind a balancer, or when a worker has sent the
 * packet. Callbacks name their process; whoever gets the reply hands it on, and tells the peer what that one says.
 */
export class ReplyRelay {
  readonly process: string = randomUUID()
  private readonly asked = new Map<string, (taking: Taking) => void>()

  constructor(
    private readonly awaited: AwaitedReplies,
    private readonly wire: ReplyWire | undefined,
  ) {
    wire?.hear(this.process, (text) => this.hear(text))
  }

  async take(requestId: string, peerId: string, bytes: Buffer, process = this.process): Promise<Taking> {
    if (process === this.process) return this.takeHere(requestId, peerId, bytes)
    const text = [this.process, peerId, requestId, bytes.toString('base64')].join(' ')
    if (!this.wire || !UUID.test(process) || !UUID.test(requestId) || text.length > MAX_TEXT) return 'not-awaited'
    const answer = this.answerTo(requestId)
    await this.wire.tell(process, text)
    return answer
  }

  private takeHere(requestId: string, peerId: string, bytes: Buffer): Taking {
    return this.awaited.take(requestId, peerId, decodeReply(bytes)) ? 'taken' : 'not-awaited'
  }

  private answerTo(requestId: string): Promise<Taking> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => done('unheard'), ANSWER_TIMEOUT_MS)
      const done = (taking: Taking) => {
        clearTimeout(timer)
        this.asked.delete(requestId)
        resolve(taking)
      }
      this.asked.set(requestId, done)
    })
  }

  /** A reply handed on to this process, or the answer to one that it handed on. */
  private async hear(text: string): Promise<void> {
    const [process = '', peerId = '', requestId = '', reply] = text.split(' ')
    if (reply === undefined) return this.asked.get(requestId)?.(peerId === 'taken' ? 'taken' : 'not-awaited')
    const taking = this.takeHere(requestId, peerId, Buffer.from(reply, 'base64'))
    await this.wire?.tell(process, `${this.process} ${taking} ${requestId}`)
  }
}

import { type ConnectorService, peerAccount, Unanswered } from '@kivuko/connector'
import { decodeReply } from '@kivuko/ilp'
import type { Peer } from '@kivuko/peering'
import { assert, messageOf } from '@kivuko/platform'
import type { History } from './history.js'
import type { Answer } from './link.js'

const CUT: Answer = { kind: 'cut' }

/** One process of a node, around a connector. Once killed it has no effect any more. */
export class SimulatedProcess {
  isListening = true
  isAlive = true
  endedAtMs: number | undefined
  private connector: ConnectorService | undefined
  /** Packets that it has taken, of which it alone may know something. */
  readonly handled = new Set<number>()
  private readonly underWay = new Set<Promise<Answer>>()
  private markEnded: (answer: Answer) => void = () => undefined
  private readonly ended = new Promise<Answer>((resolve) => {
    this.markEnded = resolve
  })

  constructor(
    readonly id: number,
    readonly name: string,
    private readonly history: History,
    /** What else is wrong: a connector that throws, for instance. */
    private readonly problems: string[],
  ) {}

  run(connector: ConnectorService): void {
    this.connector = connector
  }

  /** The answer to a packet, or what is seen of a process that ends before it. */
  async take(packet: number, bytes: Buffer, source: Peer): Promise<Answer> {
    if (!this.isListening) return { kind: 'refused' }
    this.handled.add(packet)
    const answered = Promise.race([this.handle(packet, bytes, source), this.ended])
    this.underWay.add(answered)
    const answer = await answered
    this.underWay.delete(answered)
    return answer
  }

  kill(): void {
    this.isListening = false
    this.end('is killed')
  }

  /** Takes nothing more, finishes what it has, and ends. */
  async stop(): Promise<void> {
    this.isListening = false
    await Promise.all(this.underWay)
    await this.connector?.beforeApplicationShutdown()
    if (this.isAlive) this.end('ends')
  }

  /** What was in its memory alone is gone. */
  noteForgotten(): void {
    for (const packet of this.handled) this.history.fault(packet, `${this.name} has ended, and knew it`)
  }

  /** Never resolves once the process is gone. */
  whileAlive<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      work.then(
        (result) => this.isAlive && resolve(result),
        (error: unknown) => this.isAlive && reject(error),
      )
    })
  }

  private async handle(packet: number, bytes: Buffer, source: Peer): Promise<Answer> {
    assert(this.connector, 'a process takes packets once its connector is there')
    try {
      const reply = await this.connector.handle(bytes, peerAccount(source))
      return { kind: 'replied', reply }
    } catch (error) {
      if (!(error instanceof Unanswered))
        this.problems.push(`${this.name} threw at packet ${packet}: ${messageOf(error)}`)
      return { kind: 'unanswered' }
    }
  }

  private end(how: string): void {
    this.endedAtMs = this.history.nowMs
    this.isAlive = false
    this.history.note(undefined, `${this.name} ${how}`)
    this.markEnded(CUT)
  }
}

export function textOf(answer: Answer): string {
  if (answer.kind !== 'replied') return answer.kind
  const reply = decodeReply(answer.reply)
  return reply.type === 'fulfill' ? 'fulfill' : `reject ${reply.code} (${reply.message})`
}

import { decodeReply } from '@kivuko/ilp'
import type { Clock } from '@kivuko/platform'
import type { History } from './history.js'
import type { Answer, Link } from './link.js'
import type { PlannedPacket } from './planned-packet.js'

/** `refused`: it never got there. */
type Result = 'fulfill' | 'reject' | 'nothing' | 'refused'

/** A neighbour that sends: it owes what was fulfilled, once for the same bytes. */
export class Sender {
  private readonly results = new Map<number, Result[]>()
  /** R00s, when they came, and from whom. */
  readonly expired: { readonly packet: number; readonly atMs: number; readonly triggeredBy: string }[] = []

  constructor(
    readonly name: string,
    private readonly clock: Clock,
    private readonly link: Link,
    private readonly history: History,
  ) {}

  async send({ number, bytes }: PlannedPacket, reach: (bytes: Buffer) => Promise<Answer>): Promise<void> {
    this.history.note(number, `${this.name}: sends it`)
    const received = await this.link.send({ packet: number, bytes, timeoutMs: undefined, reach })
    if (received.kind !== 'replied') {
      this.record(number, received.kind === 'refused' ? 'refused' : 'nothing')
      this.history.note(
        number,
        `${this.name}: receives nothing (${received.kind === 'lost' ? received.why : 'refused'})`,
      )
      return
    }
    const reply = decodeReply(received.reply)
    this.record(number, reply.type)
    const text = reply.type === 'reject' ? ` ${reply.code} from ${reply.triggeredBy}: ${reply.message}` : ''
    this.history.note(number, `${this.name}: receives ${reply.type}${text}`)
    if (reply.type === 'reject' && reply.code === 'R00')
      this.expired.push({ packet: number, atMs: this.clock.nowMs(), triggeredBy: reply.triggeredBy })
  }

  /** Whether it was fulfilled. */
  owes(packet: number): boolean {
    return this.resultsOf(packet).includes('fulfill')
  }

  /** Whether it cannot know: a copy had no answer, and none was fulfilled. */
  isInDoubt(packet: number): boolean {
    return !this.owes(packet) && this.resultsOf(packet).includes('nothing')
  }

  private resultsOf(packet: number): readonly Result[] {
    return this.results.get(packet) ?? []
  }

  private record(packet: number, result: Result): void {
    this.results.set(packet, [...this.resultsOf(packet), result])
  }
}

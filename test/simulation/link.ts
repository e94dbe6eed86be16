import type { Draws } from '../harness/seed.js'
import { chance, pick } from './drawing.js'
import type { History } from './history.js'
import type { LinkFaults } from './scenario.js'
import { after } from './virtual-time.js'

/** What a server does with a request. `cut`: its process ended. `unanswered`: it says that it cannot tell (HTTP 504). */
export type Answer =
  | { readonly kind: 'replied'; readonly reply: Buffer }
  | { readonly kind: 'refused' | 'cut' | 'unanswered' }

/** What the client sees of it. `refused`: nothing has reached the server, for certain. */
export type Received =
  | { readonly kind: 'replied'; readonly reply: Buffer }
  | { readonly kind: 'refused' }
  | { readonly kind: 'lost'; readonly why: string }

export interface Request {
  readonly packet: number
  readonly bytes: Buffer
  /** Undefined: the client waits for ever. */
  readonly timeoutMs: number | undefined
  readonly reach: (bytes: Buffer) => Promise<Answer>
}

/**
 * - `unreachable`: nothing was sent. `request lost`, `answer lost`: the client sees its connection break.
 * - `cut`: it breaks while the server is at work; `overtaken`: before the request arrives, which it does all the same.
 * - `late`: the answer takes long.
 */
type ExchangeFault = 'none' | (typeof LOSSES)[number] | 'late'

const LOSSES = ['unreachable', 'request lost', 'overtaken', 'answer lost', 'cut'] as const

const LONGEST_TRANSIT_MS = 50
const LONGEST_CUT_MS = 2_000
const LONGEST_DELAY_MS = 40_000

/** Requests and answers from one neighbour to the next, with what may become of them. */
export class Link {
  private answersLostBy = 0

  constructor(
    readonly name: string,
    private readonly draws: Draws,
    private readonly faults: LinkFaults,
    private readonly history: History,
    /** Whether the network between may deliver a request a second time: only to who recognizes it. */
    private readonly mayDouble: boolean,
  ) {}

  send(request: Request): Promise<Received> {
    const { packet, timeoutMs } = request
    return new Promise((resolve) => {
      const giveUp = () => {
        this.history.fault(packet, `${this.name}: no answer in time`)
        resolve({ kind: 'lost', why: 'no answer in time' })
      }
      const patienceMs = this.draws.between(0, this.faults.longestPatienceMs)
      const timer = timeoutMs === undefined ? undefined : setTimeout(giveUp, timeoutMs + patienceMs)
      void this.exchange(request).then((received) => {
        clearTimeout(timer)
        resolve(received)
      })
    })
  }

  /** All answers are lost, for so long. */
  async loseAnswers(forMs: number): Promise<void> {
    this.answersLostBy += 1
    await after(forMs)
    this.answersLostBy -= 1
  }

  private async exchange(request: Request): Promise<Received> {
    const { packet } = request
    const fault = this.drawFault()
    if (fault !== 'none') this.history.fault(packet, `${this.name}: ${fault}`)
    await this.transit()
    if (fault === 'unreachable') return { kind: 'refused' }
    if (fault === 'request lost') return { kind: 'lost', why: fault }
    if (fault === 'overtaken') {
      void this.arriveLater(request)
      return { kind: 'lost', why: fault }
    }
    const isDoubled = this.mayDouble && chance(this.draws, this.faults.doubled)
    if (isDoubled) await this.deliverFirstCopy(request)
    const answered = this.answerTo(request, fault, isDoubled)
    if (fault !== 'cut') return answered
    const cut = after(this.draws.between(0, LONGEST_CUT_MS)).then((): Received => ({ kind: 'lost', why: fault }))
    return Promise.race([answered, cut])
  }

  private async answerTo(
    { packet, bytes, reach }: Request,
    fault: ExchangeFault,
    isDoubled: boolean,
  ): Promise<Received> {
    const answer = await reach(Buffer.from(bytes))
    await this.transit()
    if (fault === 'late') await after(this.draws.between(1_000, LONGEST_DELAY_MS))
    switch (answer.kind) {
      case 'refused':
        this.history.fault(packet, `${this.name}: nobody listens`)
        // The first copy may have got there.
        return isDoubled ? { kind: 'lost', why: 'nobody listens' } : { kind: 'refused' }
      case 'cut':
        return { kind: 'lost', why: 'its process ended' }
      case 'unanswered':
        return { kind: 'lost', why: 'HTTP 504' }
      case 'replied':
        if (fault !== 'answer lost' && this.answersLostBy === 0) return answer
        this.history.fault(packet, `${this.name}: the answer is lost`)
        return { kind: 'lost', why: 'answer lost' }
    }
  }

  /** A proxy that had no answer tries again, maybe while the first copy is still being handled. */
  private async deliverFirstCopy({ packet, bytes, reach }: Request): Promise<void> {
    this.history.note(packet, `${this.name}: delivered twice`)
    void reach(Buffer.from(bytes))
    await after(this.draws.between(0, LONGEST_CUT_MS))
  }

  private async arriveLater({ bytes, reach }: Request): Promise<void> {
    const copy = Buffer.from(bytes)
    await after(this.draws.between(0, LONGEST_CUT_MS))
    await reach(copy)
  }

  private transit(): Promise<void> {
    return after(this.draws.between(1, LONGEST_TRANSIT_MS))
  }

  private drawFault(): ExchangeFault {
    if (chance(this.draws, this.faults.lost)) return pick(this.draws, LOSSES)
    return chance(this.draws, this.faults.late) ? 'late' : 'none'
  }
}

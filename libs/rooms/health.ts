import type { Ledger } from '@kivuko/accounting'
import type { ChangeFeed, Clock } from '@kivuko/platform'
import type { QueueLag, QueueLags } from './queue-lag.js'

/** What a node stands on: each part's state, and how old memory may be. */
export interface HealthState {
  readonly healthy: boolean
  readonly database: PartState
  readonly ledger: PartState
  readonly changeFeed: PartState
  readonly changeFeedAgeMs: number
  /** Work that is due waits this long, by queue: for alarms. A node behind with it is no less ready for new. */
  readonly queueLagMs: QueueLags
}

export type PartState = 'up' | 'down'

// A part that does not answer in this time is down for whoever waits on it.
const ANSWER_TIMEOUT_MS = 2_000

// Strangers may ask as often as they like: what a look costs is spent once in this time, whoever asks.
const FRESH_MS = 1_000

// Whether the account exists does not matter, only that an answer comes.
const ANY_ACCOUNT = 1n

/** What has to be asked for; the rest is in memory. */
type Seen = Pick<HealthState, 'database' | 'ledger' | 'queueLagMs'>

/** Asked by load balancers through the doors' GET /healthz. One look serves all who ask while it is under way or fresh. */
export class Health {
  private last: { readonly seen: Seen; readonly atMs: number } | undefined
  private underWay: Promise<Seen> | undefined

  constructor(
    private readonly ledger: Pick<Ledger, 'balances'>,
    private readonly feed: Pick<ChangeFeed, 'isSilent' | 'ageMs'>,
    private readonly queueLag: Pick<QueueLag, 'lags'>,
    private readonly clock: Clock,
  ) {}

  async check(): Promise<HealthState> {
    const { database, ledger, queueLagMs } = await this.seen()
    const changeFeed = this.feed.isSilent() ? 'down' : 'up'
    const healthy = [database, ledger, changeFeed].every((state) => state === 'up')
    return { healthy, database, ledger, changeFeed, changeFeedAgeMs: this.feed.ageMs(), queueLagMs }
  }

  private async seen(): Promise<Seen> {
    if (this.last !== undefined && this.clock.nowMs() - this.last.atMs < FRESH_MS) return this.last.seen
    this.underWay ??= this.look().finally(() => {
      this.underWay = undefined
    })
    return this.underWay
  }

  private async look(): Promise<Seen> {
    const asked = this.queueLag.lags()
    const [database, ledger] = await Promise.all([answers(asked), answers(this.ledger.balances([ANY_ACCOUNT]))])
    const seen = { database, ledger, queueLagMs: database === 'up' ? await asked : {} }
    this.last = { seen, atMs: this.clock.nowMs() }
    return seen
  }
}

async function answers(question: Promise<unknown>): Promise<PartState> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<PartState>((tell) => {
    timer = setTimeout(() => tell('down'), ANSWER_TIMEOUT_MS)
  })
  const answer = question.then(
    (): PartState => 'up',
    (): PartState => 'down',
  )
  return Promise.race([answer, silence]).finally(() => clearTimeout(timer))
}

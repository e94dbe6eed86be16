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

// Anybody may ask without credentials, as often as they like: database and ledger are asked once in this time.
const FRESH_MS = 1_000

// Whether the account exists does not matter, only that an answer comes.
const ANY_ACCOUNT = 1n

/** What has to be asked for; the rest is in memory. */
type CheckedParts = Pick<HealthState, 'database' | 'ledger' | 'queueLagMs'>

/** Asked by load balancers through the doors' GET /healthz. One check serves all callers of a second. */
export class Health {
  private last: { readonly parts: CheckedParts; readonly atMs: number } | undefined
  private underWay: Promise<CheckedParts> | undefined

  constructor(
    private readonly ledger: Pick<Ledger, 'balances'>,
    private readonly feed: Pick<ChangeFeed, 'isSilent' | 'ageMs'>,
    private readonly queueLag: Pick<QueueLag, 'lags'>,
    private readonly clock: Clock,
  ) {}

  async check(): Promise<HealthState> {
    const { database, ledger, queueLagMs } = await this.checkedParts()
    const changeFeed = this.feed.isSilent() ? 'down' : 'up'
    const healthy = [database, ledger, changeFeed].every((state) => state === 'up')
    return { healthy, database, ledger, changeFeed, changeFeedAgeMs: this.feed.ageMs(), queueLagMs }
  }

  private async checkedParts(): Promise<CheckedParts> {
    if (this.last !== undefined && this.clock.nowMs() - this.last.atMs < FRESH_MS) return this.last.parts
    this.underWay ??= this.checkParts().finally(() => {
      this.underWay = undefined
    })
    return this.underWay
  }

  private async checkParts(): Promise<CheckedParts> {
    const asked = this.queueLag.lags()
    const [database, ledger] = await Promise.all([answers(asked), answers(this.ledger.balances([ANY_ACCOUNT]))])
    const parts = { database, ledger, queueLagMs: database === 'up' ? await asked : {} }
    this.last = { parts, atMs: this.clock.nowMs() }
    return parts
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

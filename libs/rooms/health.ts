import type { Ledger } from '@kivuko/accounting'
import type { ChangeFeed } from '@kivuko/platform'
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

// Whether the account exists does not matter, only that an answer comes.
const ANY_ACCOUNT = 1n

/** Asked by load balancers through the doors' GET /healthz. */
export class Health {
  constructor(
    private readonly ledger: Ledger,
    private readonly feed: ChangeFeed,
    private readonly queueLag: Pick<QueueLag, 'lags'>,
  ) {}

  async check(): Promise<HealthState> {
    const asked = this.queueLag.lags()
    const [database, ledger] = await Promise.all([answers(asked), answers(this.ledger.balances([ANY_ACCOUNT]))])
    const changeFeed = this.feed.isSilent() ? 'down' : 'up'
    const healthy = [database, ledger, changeFeed].every((state) => state === 'up')
    const queueLagMs = database === 'up' ? await asked : {}
    return { healthy, database, ledger, changeFeed, changeFeedAgeMs: this.feed.ageMs(), queueLagMs }
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

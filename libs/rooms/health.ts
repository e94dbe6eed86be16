import type { Ledger } from '@kivuko/accounting'
import type { ChangeFeed, DataSource } from '@kivuko/platform'

/** What a node stands on: each part's state, and how old memory may be. */
export interface HealthState {
  readonly healthy: boolean
  readonly database: PartState
  readonly ledger: PartState
  readonly changeFeed: PartState
  readonly changeFeedAgeMs: number
}

export type PartState = 'up' | 'down'

// A part that does not answer in this time is down for whoever waits on it.
const ANSWER_TIMEOUT_MS = 2_000

// Whether the account exists does not matter, only that an answer comes.
const ANY_ACCOUNT = 1n

/** Asked by load balancers through the doors' GET /healthz. */
export class Health {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ledger: Ledger,
    private readonly feed: ChangeFeed,
  ) {}

  async check(): Promise<HealthState> {
    const [database, ledger] = await Promise.all([
      answers(this.dataSource.query('select 1')),
      answers(this.ledger.balances([ANY_ACCOUNT])),
    ])
    const changeFeed = this.feed.isSilent() ? 'down' : 'up'
    const healthy = [database, ledger, changeFeed].every((state) => state === 'up')
    return { healthy, database, ledger, changeFeed, changeFeedAgeMs: this.feed.ageMs() }
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

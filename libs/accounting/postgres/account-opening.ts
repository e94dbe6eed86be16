import { assert, BatchedReads, InvariantError, messageOf } from '@kivuko/platform'
import type { NewAccount } from '../account.js'
import { accepted, type Outcome, repeated } from '../outcome.js'
import type { AccountDirectory } from './account-directory.js'
import type { BatchConnection } from './batch-connection.js'
import { mostCreditsOf } from './batch-parameters.js'
import { int4Array, int8Array, uuidArray } from './binary-array.js'
import { isCollision, sqlStateOf } from './database-errors.js'

const TEXT = 'select no, is_opened from ledger_open_together($1, $2, $3, $4, $5)'
const DIFFERENT = 'KV002'
const ATTEMPTS = 5

type Accounts = readonly NewAccount[]
type Opened = [no: number, isOpened: boolean]

/** Opens the accounts of all who ask while an opening is under way together: one statement and one commit. */
export class AccountOpening {
  private readonly openings: BatchedReads<Accounts, Outcome>

  /** `openAlone` answers a caller whose accounts could not be opened with the others'. */
  constructor(
    private readonly connection: Pick<BatchConnection, 'query'>,
    private readonly directory: AccountDirectory,
    private readonly openAlone: (accounts: Accounts) => Promise<Outcome>,
  ) {
    this.openings = new BatchedReads((asked) => this.openAll(asked))
  }

  async open(accounts: Accounts): Promise<Outcome> {
    assert(accounts.length > 0, 'at least one account is opened')
    const outcome = await this.openings.find(accounts)
    assert(outcome !== undefined, 'each caller who opens accounts is answered')
    return outcome
  }

  private async openAll(asked: readonly Accounts[], attempt = 1): Promise<ReadonlyMap<Accounts, Outcome>> {
    try {
      return await this.openTogether(asked)
    } catch (error) {
      if (isCollision(error) && attempt < ATTEMPTS) return this.openAll(asked, attempt + 1)
      if (error instanceof InvariantError) throw error
      if (sqlStateOf(error) === DIFFERENT) return this.openEach(asked)
      const message = `The ledger's answer is not known (${messageOf(error)}). Send the same again.`
      return new Map(asked.map((accounts) => [accounts, { kind: 'unknown', message }]))
    }
  }

  private async openTogether(asked: readonly Accounts[]): Promise<ReadonlyMap<Accounts, Outcome>> {
    const all = asked.flat()
    const values = [
      uuidArray(all.map(({ id }) => id)),
      int8Array(all.map(({ ledger }) => BigInt(ledger))),
      int4Array(all.map(({ code }) => code)),
      all.map(({ limit }) => limit),
      mostCreditsOf(all),
    ]
    const rows = await this.connection.query<Opened>({ name: 'ledger-open-together', text: TEXT, values })
    assert(rows.length === all.length, `each of ${all.length} accounts is answered, found ${rows.length}`)
    let next = 0
    const outcomeOf = (accounts: Accounts): Outcome => {
      const own = rows.slice(next, next + accounts.length)
      next += accounts.length
      for (const [index, [no]] of own.entries()) this.learn(accounts[index], no)
      return own.some(([, isOpened]) => isOpened) ? accepted : repeated
    }
    return new Map(asked.map((accounts) => [accounts, outcomeOf(accounts)]))
  }

  private learn(account: NewAccount | undefined, no: number): void {
    if (account !== undefined) this.directory.add(account, no)
  }

  private async openEach(asked: readonly Accounts[]): Promise<ReadonlyMap<Accounts, Outcome>> {
    const outcomes = new Map<Accounts, Outcome>()
    for (const accounts of asked) outcomes.set(accounts, await this.openAlone(accounts))
    return outcomes
  }
}

import { assert, messageOf } from '@kivuko/platform'
import type { NewAccount } from '../account.js'
import type { LedgerId } from '../ids.js'
import { accepted, type Outcome, type Refusal, refused, repeated } from '../outcome.js'
import type { AccountDirectory } from './account-directory.js'
import type { BatchConnection } from './batch-connection.js'
import { eachChain, keptAnswersOf, mostCreditsOf, wholeBatch } from './batch-parameters.js'
import { int4Array, int8Array, uuidArray } from './binary-array.js'
import { type Chain, lengthOf } from './chain.js'
import { isCollision, isDeclined } from './database-errors.js'
import type { ReleaseExpired } from './release-expired.js'

const APPLY_ALL = 'select ledger_apply_all($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)'
const APPLY_EACH = 'select chain, leg, refusal from ledger_apply_each($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)'
const KEEP_ANSWERS = 'select ledger_keep_answers($1, $2)'
const OPEN = 'select 0, leg, refusal from ledger_open($1, $2, $3, $4, $5)'
const SET_MAXIMUM = 'select 0, leg, refusal from ledger_set_maximum(($1::uuid[])[1], $2::numeric)'
const ATTEMPTS = 5

/** Chain, leg and refusal; leg −1 where the whole chain stood before. */
type Exception = [chain: number, leg: number, refusal: Refusal | 'repeated']

/** Carries batches to the database's functions and their answers back. */
export class Batches {
  constructor(
    private readonly connection: Pick<BatchConnection, 'query'>,
    private readonly directory: AccountDirectory,
    private readonly releases: Pick<ReleaseExpired, 'noteReserved'>,
  ) {}

  /** Set by set if the whole batch passes, else chain by chain. On its way before this returns, as a rule. */
  async apply(chains: readonly Chain[]): Promise<Outcome[]> {
    // The database answers only with exceptions: a chain without legs would count as accepted.
    assert(
      chains.length > 0 && chains.every((chain) => lengthOf(chain) > 0),
      'a batch holds chains, and they hold legs',
    )
    if (!this.directory.knows(chains)) await this.directory.learn(chains, this.connection)
    this.releases.noteReserved(chains.reduce((legs, chain) => legs + (chain.verb === 'write' ? lengthOf(chain) : 0), 0))
    if (await this.applyAll(chains)) return chains.map(() => accepted)
    const values = eachChain(chains)
    const exceptions = await this.connection.query<Exception>({ name: 'ledger-apply-each', text: APPLY_EACH, values })
    if (chains.some((chain) => chain.verb === 'post' && chain.answer !== undefined)) {
      await this.connection.query({ name: 'ledger-keep-answers', text: KEEP_ANSWERS, values: keptAnswersOf(chains) })
    }
    const byChain = new Map(exceptions.map((exception) => [exception[0], exception]))
    assert(
      [...byChain.keys()].every((number) => number in chains),
      'exceptions are of chains of the batch',
    )
    return chains.map((_, number) => outcomeOf(byChain.get(number)))
  }

  async open(accounts: readonly NewAccount[]): Promise<Outcome> {
    assert(accounts.length > 0, 'at least one account is opened')
    const values = [
      uuidArray(accounts.map(({ id }) => id)),
      int8Array(accounts.map(({ ledger }) => BigInt(ledger))),
      int4Array(accounts.map(({ code }) => code)),
      accounts.map(({ limit }) => limit),
      mostCreditsOf(accounts),
    ]
    return this.applyOne('ledger-open', OPEN, values)
  }

  setMaximum(accountId: LedgerId, maximum: bigint | undefined): Promise<Outcome> {
    return this.applyOne('ledger-set-maximum', SET_MAXIMUM, [uuidArray([accountId]), maximum?.toString()])
  }

  private async applyAll(chains: readonly Chain[]): Promise<boolean> {
    const values = wholeBatch(chains, this.directory)
    if (values === undefined) return false
    try {
      await this.connection.query({ name: 'ledger-apply-all', text: APPLY_ALL, values })
      return true
    } catch (error) {
      if (isDeclined(error)) return false
      throw error
    }
  }

  private async applyOne(name: string, text: string, values: readonly unknown[], attempt = 1): Promise<Outcome> {
    try {
      const [exception] = await this.connection.query<Exception>({ name, text, values })
      return outcomeOf(exception)
    } catch (error) {
      if (isCollision(error) && attempt < ATTEMPTS) return this.applyOne(name, text, values, attempt + 1)
      const message = `The ledger's answer is not known (${messageOf(error)}). Send the same again.`
      return { kind: 'unknown', message }
    }
  }
}

function outcomeOf(exception: Exception | undefined): Outcome {
  if (exception === undefined) return accepted
  const [, leg, refusal] = exception
  return refusal === 'repeated' ? repeated : refused(leg, refusal)
}

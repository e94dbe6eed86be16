import { type Clock, DomainError, type Logger, messageOf } from '@kivuko/platform'
import pg from 'pg'
import type { Balance, LedgerAccount, NewAccount } from '../account.js'
import { checkAccounts, checkIds, checkLegs, checkMaximum, checkReservation } from '../checks.js'
import type { LedgerId } from '../ids.js'
import {
  type ExpiredPage,
  type IdPage,
  Ledger,
  type LedgerTotals,
  type StatementPage,
  type TimedPage,
} from '../ledger.js'
import type { Outcome } from '../outcome.js'
import type { LedgerTransfer, Leg } from '../transfer.js'
import { AccountDirectory } from './account-directory.js'
import { AccountOpening } from './account-opening.js'
import { BatchConnection } from './batch-connection.js'
import { Batches } from './batches.js'
import type { Chain } from './chain.js'
import { GroupCommit } from './group-commit.js'
import * as queries from './ledger.queries.js'
import { ReleaseExpired } from './release-expired.js'

const READING_CONNECTIONS = 2
// Balances are planned once for each connection, when the tables may still be empty: a whole table is no way to a row.
const READING_SESSION = '-c enable_seqscan=off'

export interface PostgresLedgerOptions {
  readonly url: string
  readonly clock: Clock
  readonly log: Logger
  /** How long a caller waits at most. */
  readonly timeoutMs: number
}

/** The ledger in Postgres: one connection writes batches of all callers' chains, two read. */
export class PostgresLedger extends Ledger {
  readonly isDurable = true
  private readonly connection: BatchConnection
  private readonly batches: Batches
  private readonly opening: AccountOpening
  private readonly commits: GroupCommit
  private readonly releases: ReleaseExpired
  private readonly pool: pg.Pool

  constructor(private readonly options: PostgresLedgerOptions) {
    super()
    const { url, clock, log, timeoutMs } = options
    const directory = new AccountDirectory()
    this.connection = new BatchConnection(url, timeoutMs, log, () => directory.forget())
    this.releases = new ReleaseExpired(this.connection, clock, log)
    this.batches = new Batches(this.connection, directory, this.releases)
    this.opening = new AccountOpening(this.connection, directory, (accounts) => this.batches.open(accounts))
    this.commits = new GroupCommit((chains) => this.batches.apply(chains), timeoutMs, clock, log)
    this.pool = new pg.Pool({
      connectionString: url,
      max: READING_CONNECTIONS,
      application_name: 'kivuko ledger reads',
      options: READING_SESSION,
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
    })
    this.pool.on('error', (error) => log.warn(`A reading connection of the ledger broke: ${messageOf(error)}`))
    this.releases.start()
  }

  async openAccounts(accounts: readonly NewAccount[]): Promise<Outcome> {
    return checkAccounts(accounts) ?? this.opening.open(accounts)
  }

  transfer(legs: readonly Leg[], untilMs?: number): Promise<Outcome> {
    return this.submit(checkLegs(legs), { verb: 'write', legs, timeoutSeconds: undefined }, untilMs)
  }

  reserve(legs: readonly Leg[], timeoutSeconds: number): Promise<Outcome> {
    return this.submit(checkReservation(legs, timeoutSeconds), { verb: 'write', legs, timeoutSeconds })
  }

  post(ids: readonly LedgerId[], answer?: Buffer): Promise<Outcome> {
    return this.submit(checkIds(ids), { verb: 'post', ids, answer })
  }

  void(ids: readonly LedgerId[]): Promise<Outcome> {
    return this.submit(checkIds(ids), { verb: 'void', ids })
  }

  async setMaximum(accountId: LedgerId, maximum: bigint | undefined): Promise<Outcome> {
    return checkMaximum(accountId, maximum) ?? this.batches.setMaximum(accountId, maximum)
  }

  balances(ids: readonly LedgerId[]): Promise<ReadonlyMap<LedgerId, Balance>> {
    return this.read((pool) => queries.readBalances(pool, ids))
  }

  statement(accountId: LedgerId, page: StatementPage): Promise<LedgerTransfer[]> {
    return this.read((pool) => queries.readStatement(pool, accountId, page))
  }

  lookup(ids: readonly LedgerId[]): Promise<ReadonlyMap<LedgerId, LedgerTransfer>> {
    return this.read((pool) => queries.readTransfers(pool, ids))
  }

  keptAnswer(id: LedgerId): Promise<Buffer | undefined> {
    return this.read((pool) => queries.readKeptAnswer(pool, id, this.options.clock.nowMs()))
  }

  accounts(page: IdPage): Promise<LedgerAccount[]> {
    return this.read((pool) => queries.readAccounts(pool, page))
  }

  openReservations(page: IdPage): Promise<LedgerTransfer[]> {
    return this.read((pool) => queries.readOpenReservations(pool, page))
  }

  timedReservations(page: TimedPage): Promise<LedgerTransfer[]> {
    return this.read((pool) => queries.readTimedReservations(pool, page))
  }

  expiredReservations(page: ExpiredPage): Promise<LedgerTransfer[]> {
    return this.read((pool) => queries.readExpiredReservations(pool, page))
  }

  totals(): Promise<LedgerTotals[]> {
    return this.read((pool) => queries.readTotals(pool))
  }

  /** Callers waiting are answered first. */
  async close(): Promise<void> {
    await this.commits.drain()
    await this.releases.stop()
    await this.connection.close()
    await this.pool.end()
  }

  private submit(refusal: Outcome | undefined, chain: Chain, untilMs?: number): Promise<Outcome> {
    return refusal === undefined ? this.commits.submit(chain, untilMs) : Promise.resolve(refusal)
  }

  private async read<T>(query: (pool: pg.Pool) => Promise<T>): Promise<T> {
    try {
      return await query(this.pool)
    } catch (error) {
      const message = `The ledger could not be read: ${messageOf(error)}. Check that its Postgres server answers.`
      throw new DomainError('unavailable', 'LedgerUnavailable', message, {}, { cause: error })
    }
  }
}

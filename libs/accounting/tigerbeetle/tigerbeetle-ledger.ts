import { DomainError, messageOf } from '@kivuko/platform'
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
import { isOver, type Outcome, overdue } from '../outcome.js'
import { sumByLedger } from '../sum-by-ledger.js'
import type { LedgerTransfer, Leg } from '../transfer.js'
import { AccountDirectory } from './account-directory.js'
import { setMaximum } from './maximum.js'
import { probe } from './probe.js'
import { Reading } from './reading.js'
import { NoAnswer, Session, type SessionOptions } from './session.js'
import { Writing } from './writing.js'

/** Where the answers of posts are kept, which a cluster has no place for. */
export interface KeptAnswers {
  keep(id: LedgerId, answer: Buffer): void
  find(id: LedgerId): Promise<Buffer | undefined>
  close(): Promise<void>
}

export interface TigerBeetleOptions extends SessionOptions {
  /** Undefined: none are kept. */
  readonly answers?: KeptAnswers
}

const ACCOUNTS_AT_A_TIME = 1_000

/** The ledger in a TigerBeetle cluster. See docs/tigerbeetle.md. */
export class TigerBeetleLedger extends Ledger {
  readonly isDurable = true
  private readonly session: Session
  private readonly reading: Reading
  private readonly writing: Writing

  private constructor(private readonly options: TigerBeetleOptions) {
    super()
    this.session = new Session(options)
    this.reading = new Reading(this.session, options.clock)
    this.writing = new Writing(this.session, new AccountDirectory(this.session), this.reading)
  }

  /** Throws when the cluster does not answer within the deadline. */
  static async open(options: TigerBeetleOptions): Promise<TigerBeetleLedger> {
    const ledger = new TigerBeetleLedger(options)
    try {
      await probe(ledger.session, options)
    } catch (error) {
      await ledger.close()
      throw error
    }
    return ledger
  }

  async openAccounts(accounts: readonly NewAccount[]): Promise<Outcome> {
    return checkAccounts(accounts) ?? answered(this.writing.open(accounts))
  }

  async transfer(legs: readonly Leg[], untilMs?: number): Promise<Outcome> {
    if (isOver(untilMs, this.options.clock)) return overdue
    return checkLegs(legs) ?? answered(this.writing.write(legs, undefined))
  }

  async reserve(legs: readonly Leg[], timeoutSeconds: number): Promise<Outcome> {
    return checkReservation(legs, timeoutSeconds) ?? answered(this.writing.write(legs, timeoutSeconds))
  }

  async post(ids: readonly LedgerId[], answer?: Buffer): Promise<Outcome> {
    const [first] = ids
    if (answer && first !== undefined) this.options.answers?.keep(first, answer)
    return checkIds(ids) ?? answered(this.writing.end(ids, 'post'))
  }

  async keptAnswer(id: LedgerId): Promise<Buffer | undefined> {
    return this.options.answers?.find(id)
  }

  async void(ids: readonly LedgerId[]): Promise<Outcome> {
    return checkIds(ids) ?? answered(this.writing.end(ids, 'void'))
  }

  async setMaximum(accountId: LedgerId, maximum: bigint | undefined): Promise<Outcome> {
    const refusal = checkMaximum(accountId, maximum)
    return refusal ?? answered(setMaximum(this.session, this.reading, this.options.clock, accountId, maximum))
  }

  balances(ids: readonly LedgerId[]): Promise<ReadonlyMap<LedgerId, Balance>> {
    return reachable(this.reading.balances(ids))
  }

  statement(accountId: LedgerId, page: StatementPage): Promise<LedgerTransfer[]> {
    return reachable(this.reading.statement(accountId, page))
  }

  lookup(ids: readonly LedgerId[]): Promise<ReadonlyMap<LedgerId, LedgerTransfer>> {
    return reachable(this.reading.lookup(ids))
  }

  accounts(page: IdPage): Promise<LedgerAccount[]> {
    return reachable(this.reading.accounts(page))
  }

  openReservations(page: IdPage): Promise<LedgerTransfer[]> {
    return reachable(this.reading.openReservations(page))
  }

  timedReservations(page: TimedPage): Promise<LedgerTransfer[]> {
    return reachable(this.reading.timedReservations(page))
  }

  expiredReservations(page: ExpiredPage): Promise<LedgerTransfer[]> {
    return reachable(this.reading.expiredReservations(page))
  }

  async totals(): Promise<LedgerTotals[]> {
    const all: LedgerAccount[] = []
    for (;;) {
      const page = await this.accounts({ limit: ACCOUNTS_AT_A_TIME, after: all.at(-1)?.id })
      all.push(...page)
      if (page.length < ACCOUNTS_AT_A_TIME) return sumByLedger(all)
    }
  }

  async close(): Promise<void> {
    await this.session.close()
    await this.options.answers?.close()
  }
}

async function answered(outcome: Promise<Outcome>): Promise<Outcome> {
  try {
    return await outcome
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    const message = `The ledger's answer is not known (${error.message}). Send the same ids again, or look them up.`
    return { kind: 'unknown', message }
  }
}

async function reachable<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    const message = `The ledger could not be read: ${messageOf(error)}. Check that the TigerBeetle cluster answers.`
    throw new DomainError('unavailable', 'LedgerUnavailable', message, {}, { cause: error })
  }
}

import type { Clock } from '@kivuko/platform'
import { type Balance, isSameAccount, type LedgerAccount, type NewAccount } from '../account.js'
import { checkAccounts, checkIds, checkLegs, checkMaximum, checkReservation } from '../checks.js'
import { type LedgerId, timeOfId } from '../ids.js'
import {
  type ExpiredPage,
  type IdPage,
  Ledger,
  type LedgerTotals,
  type StatementPage,
  type TimedPage,
} from '../ledger.js'
import { accepted, isOver, type Outcome, overdue, type Refusal, refused, repeated } from '../outcome.js'
import { sumByLedger } from '../sum-by-ledger.js'
import { isSameLeg, type LedgerTransfer, type Leg } from '../transfer.js'
import { end, expiryOf, heldBy, MemoryBooks, type Transfer, toAccount, toTransfer } from './memory-books.js'

/** The ledger in one process's memory, for unit tests: the same promises, gone when the process ends. */
export class MemoryLedger extends Ledger {
  readonly isDurable: boolean
  private readonly books = new MemoryBooks()
  private readonly open = new Set<Transfer>()
  private readonly answers = new Map<LedgerId, Buffer>()
  private nextExpiryMs = Number.POSITIVE_INFINITY

  /** `isDurable`: for tests in which processes end and begin over the same ledger. */
  constructor(
    private readonly clock: Clock,
    { isDurable = false } = {},
  ) {
    super()
    this.isDurable = isDurable
  }

  async openAccounts(accounts: readonly NewAccount[]): Promise<Outcome> {
    const refusal = checkAccounts(accounts)
    if (refusal !== undefined) return refusal
    const changed = accounts.findIndex((account) => this.isOtherAccount(account))
    if (changed !== -1) return refused(changed, 'exists-with-different-content')
    const missing = accounts.filter(({ id }) => !this.books.accounts.has(id))
    for (const account of missing) this.books.open(account)
    return missing.length === 0 ? repeated : accepted
  }

  async transfer(chain: readonly Leg[], untilMs?: number): Promise<Outcome> {
    if (isOver(untilMs, this.clock)) return overdue
    return checkLegs(chain) ?? this.write(chain, undefined)
  }

  async reserve(chain: readonly Leg[], timeoutSeconds: number): Promise<Outcome> {
    return checkReservation(chain, timeoutSeconds) ?? this.write(chain, timeoutSeconds)
  }

  async post(ids: readonly LedgerId[], answer?: Buffer): Promise<Outcome> {
    const outcome = checkIds(ids) ?? this.end(ids, 'posted')
    // Where the process is the ledger, what it remembers of its answers is all there is.
    const [first] = ids
    const isKept = this.isDurable && outcome.kind === 'accepted' && !outcome.repeated
    if (isKept && answer && first !== undefined) this.answers.set(first, answer)
    return outcome
  }

  async keptAnswer(id: LedgerId): Promise<Buffer | undefined> {
    const nowMs = this.clock.nowMs()
    for (const kept of this.answers.keys()) if (timeOfId(kept) < nowMs) this.answers.delete(kept)
    return this.answers.get(id)
  }

  async void(ids: readonly LedgerId[]): Promise<Outcome> {
    return checkIds(ids) ?? this.end(ids, 'voided')
  }

  async setMaximum(accountId: LedgerId, maximum: bigint | undefined): Promise<Outcome> {
    const refusal = checkMaximum(accountId, maximum)
    if (refusal !== undefined) return refusal
    this.releaseExpired()
    const account = this.books.accounts.get(accountId)
    if (account === undefined) return refused(0, 'unknown-account')
    if (account.limit !== 'both') return refused(0, 'no-maximum')
    if (account.maximum === maximum) return repeated
    if (maximum !== undefined && heldBy(account) > maximum) return refused(0, 'insufficient-room')
    account.maximum = maximum
    return accepted
  }

  async balances(ids: readonly LedgerId[]): Promise<ReadonlyMap<LedgerId, Balance>> {
    this.releaseExpired()
    const found = new Map<LedgerId, Balance>()
    for (const id of ids) {
      const account = this.books.accounts.get(id)
      if (account !== undefined) found.set(id, toAccount(account))
    }
    return found
  }

  async statement(accountId: LedgerId, { limit, before }: StatementPage): Promise<LedgerTransfer[]> {
    this.releaseExpired()
    const touching = [...this.books.transfers.values()].filter(
      ({ leg, position }) =>
        (leg.debitAccountId === accountId || leg.creditAccountId === accountId) &&
        (before === undefined || position < before),
    )
    return touching.reverse().slice(0, limit).map(toTransfer)
  }

  async lookup(ids: readonly LedgerId[]): Promise<ReadonlyMap<LedgerId, LedgerTransfer>> {
    this.releaseExpired()
    const found = new Map<LedgerId, LedgerTransfer>()
    for (const id of ids) {
      const transfer = this.books.transfers.get(id)
      if (transfer !== undefined) found.set(id, toTransfer(transfer))
    }
    return found
  }

  async accounts(page: IdPage): Promise<LedgerAccount[]> {
    this.releaseExpired()
    return pageById(this.books.accounts.values(), page).map(toAccount)
  }

  async openReservations(page: IdPage): Promise<LedgerTransfer[]> {
    this.releaseExpired()
    return pageById([...this.open].map(toTransfer), page)
  }

  async timedReservations({ madeSince, ...page }: TimedPage): Promise<LedgerTransfer[]> {
    this.releaseExpired()
    const isMeant = ({ expiresAt, createdAt }: LedgerTransfer) => expiresAt !== undefined && createdAt >= madeSince
    return pageById([...this.open].map(toTransfer).filter(isMeant), page)
  }

  async expiredReservations({ since, ...page }: ExpiredPage): Promise<LedgerTransfer[]> {
    this.releaseExpired()
    const transfers = [...this.books.transfers.values()].map(toTransfer)
    const isMeant = ({ state, expiresAt }: LedgerTransfer) =>
      state === 'expired' && expiresAt !== undefined && expiresAt >= since
    return pageById(transfers.filter(isMeant), page)
  }

  async totals(): Promise<LedgerTotals[]> {
    this.releaseExpired()
    return sumByLedger(this.books.accounts.values())
  }

  async close(): Promise<void> {}

  private isOtherAccount(account: NewAccount): boolean {
    const found = this.books.accounts.get(account.id)
    return found !== undefined && !isSameAccount(found, account)
  }

  /** `timeoutSeconds` undefined: posted at once. */
  private write(chain: readonly Leg[], timeoutSeconds: number | undefined): Outcome {
    const nowMs = this.releaseExpired()
    if (chain.every((leg) => this.isRepeated(leg, timeoutSeconds))) return repeated
    const written: Transfer[] = []
    for (const leg of chain) {
      const transfer = this.books.write(leg, nowMs, timeoutSeconds)
      if (typeof transfer === 'string') {
        for (const before of written.reverse()) this.books.takeBack(before)
        return refused(written.length, transfer)
      }
      written.push(transfer)
    }
    if (timeoutSeconds !== undefined) for (const transfer of written) this.hold(transfer)
    return accepted
  }

  private isRepeated(leg: Leg, timeoutSeconds: number | undefined): boolean {
    const found = this.books.transfers.get(leg.id)
    return found !== undefined && found.timeoutSeconds === timeoutSeconds && isSameLeg(found.leg, leg)
  }

  private hold(transfer: Transfer): void {
    this.open.add(transfer)
    this.nextExpiryMs = Math.min(this.nextExpiryMs, expiryOf(transfer))
  }

  private end(ids: readonly LedgerId[], state: 'posted' | 'voided'): Outcome {
    this.releaseExpired()
    const transfers = ids.map((id) => this.books.transfers.get(id))
    const refusals = transfers.map(refusalToEnd)
    if (refusals.every((refusal) => refusal === `already-${state}`)) return repeated
    const first = refusals.findIndex((refusal) => refusal !== undefined)
    const refusal = refusals[first]
    if (refusal !== undefined) return refused(first, refusal)
    for (const transfer of transfers) if (transfer !== undefined) this.release(transfer, state)
    return accepted
  }

  private release(transfer: Transfer, state: 'posted' | 'voided' | 'expired'): void {
    if (this.open.delete(transfer)) end(transfer, state)
  }

  /** Answers with the time that it is. */
  private releaseExpired(): number {
    const nowMs = this.clock.nowMs()
    if (nowMs < this.nextExpiryMs) return nowMs
    this.nextExpiryMs = Number.POSITIVE_INFINITY
    for (const transfer of [...this.open]) {
      const expiryMs = expiryOf(transfer)
      if (expiryMs <= nowMs) this.release(transfer, 'expired')
      else this.nextExpiryMs = Math.min(this.nextExpiryMs, expiryMs)
    }
    return nowMs
  }
}

function refusalToEnd(transfer: Transfer | undefined): Refusal | undefined {
  if (transfer === undefined || transfer.timeoutSeconds === undefined) return 'unknown-reservation'
  if (transfer.state === 'expired') return 'expired'
  return transfer.state === 'pending' ? undefined : `already-${transfer.state}`
}

function pageById<T extends { id: LedgerId }>(items: Iterable<T>, { limit, after = 0n }: IdPage): T[] {
  const following = [...items].filter(({ id }) => id > after)
  return following.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit)
}

import type { Clock } from '@kivuko/platform'
import { type Balance, isSameAccount, type LedgerAccount, type NewAccount } from '../account.js'
import { checkAccounts, checkIds, checkLegs, checkMaximum, checkReservation } from '../checks.js'
import type { LedgerId } from '../ids.js'
import { type IdPage, Ledger, type LedgerTotals, type StatementPage } from '../ledger.js'
import { accepted, type Outcome, type Refusal, refused, repeated } from '../outcome.js'
import { sumByLedger } from '../sum-by-ledger.js'
import { isSameTransfer, type LedgerTransfer, type Leg } from '../transfer.js'
import { heldBy, MemoryBooks, type Transfer, toAccount } from './memory-books.js'

/** The ledger in one process's memory, for unit tests: the same promises, gone when the process ends. */
export class MemoryLedger extends Ledger {
  private readonly books = new MemoryBooks()
  private readonly open = new Map<LedgerId, Transfer>()
  private nextExpiryMs = Number.POSITIVE_INFINITY
  private position = 0n

  constructor(private readonly clock: Clock) {
    super()
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

  async transfer(chain: readonly Leg[]): Promise<Outcome> {
    return checkLegs(chain) ?? this.write(chain, undefined)
  }

  async reserve(chain: readonly Leg[], timeoutSeconds: number): Promise<Outcome> {
    return checkReservation(chain, timeoutSeconds) ?? this.write(chain, timeoutSeconds)
  }

  async post(ids: readonly LedgerId[]): Promise<Outcome> {
    return checkIds(ids) ?? this.end(ids, 'posted')
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
      ({ debitAccountId, creditAccountId, position }) =>
        (debitAccountId === accountId || creditAccountId === accountId) && (before === undefined || position < before),
    )
    return touching
      .reverse()
      .slice(0, limit)
      .map((transfer) => ({ ...transfer }))
  }

  async lookup(ids: readonly LedgerId[]): Promise<ReadonlyMap<LedgerId, LedgerTransfer>> {
    this.releaseExpired()
    const found = new Map<LedgerId, LedgerTransfer>()
    for (const id of ids) {
      const transfer = this.books.transfers.get(id)
      if (transfer !== undefined) found.set(id, { ...transfer })
    }
    return found
  }

  async accounts(page: IdPage): Promise<LedgerAccount[]> {
    this.releaseExpired()
    return pageById(this.books.accounts.values(), page).map(toAccount)
  }

  async openReservations(page: IdPage): Promise<LedgerTransfer[]> {
    this.releaseExpired()
    return pageById(this.open.values(), page).map((transfer) => ({ ...transfer }))
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
    this.releaseExpired()
    if (chain.every((leg) => isSameTransfer(this.books.transfers.get(leg.id), leg, timeoutSeconds))) return repeated
    const state = timeoutSeconds === undefined ? 'posted' : 'pending'
    for (const [index, leg] of chain.entries()) {
      const refusal = this.books.transfers.has(leg.id) ? 'exists-with-different-content' : this.books.refusal(leg)
      if (refusal !== undefined) {
        for (const written of chain.slice(0, index)) this.books.write(written, state, -1n)
        return refused(index, refusal)
      }
      this.books.write(leg, state)
    }
    for (const leg of chain) this.keep(leg, timeoutSeconds)
    return accepted
  }

  private keep(leg: Leg, timeoutSeconds: number | undefined): void {
    const createdAt = this.clock.now()
    this.position += 1n
    const transfer: Transfer = { ...leg, state: 'posted', position: this.position, createdAt }
    this.books.transfers.set(leg.id, transfer)
    if (timeoutSeconds === undefined) return
    transfer.state = 'pending'
    transfer.timeoutSeconds = timeoutSeconds
    this.open.set(leg.id, transfer)
    if (timeoutSeconds === 0) return
    const expiryMs = createdAt.getTime() + timeoutSeconds * 1000
    transfer.expiresAt = new Date(expiryMs)
    this.nextExpiryMs = Math.min(this.nextExpiryMs, expiryMs)
  }

  private end(ids: readonly LedgerId[], state: 'posted' | 'voided'): Outcome {
    this.releaseExpired()
    const refusals = ids.map((id) => this.refusalToEnd(id))
    if (refusals.every((refusal) => refusal === `already-${state}`)) return repeated
    const first = refusals.findIndex((refusal) => refusal !== undefined)
    const refusal = refusals[first]
    if (refusal !== undefined) return refused(first, refusal)
    for (const id of ids) this.release(id, state)
    return accepted
  }

  private refusalToEnd(id: LedgerId): Refusal | undefined {
    const transfer = this.books.transfers.get(id)
    if (transfer === undefined || transfer.timeoutSeconds === undefined) return 'unknown-reservation'
    if (transfer.state === 'expired') return 'expired'
    return transfer.state === 'pending' ? undefined : `already-${transfer.state}`
  }

  private release(id: LedgerId, state: 'posted' | 'voided' | 'expired'): void {
    const transfer = this.open.get(id)
    if (transfer === undefined) return
    this.open.delete(id)
    transfer.state = state
    this.books.write(transfer, 'pending', -1n)
    if (state === 'posted') this.books.write(transfer, 'posted')
  }

  private releaseExpired(): void {
    const nowMs = this.clock.nowMs()
    if (nowMs < this.nextExpiryMs) return
    this.nextExpiryMs = Number.POSITIVE_INFINITY
    for (const { id, expiresAt } of [...this.open.values()]) {
      if (expiresAt === undefined) continue
      if (expiresAt.getTime() <= nowMs) this.release(id, 'expired')
      else this.nextExpiryMs = Math.min(this.nextExpiryMs, expiresAt.getTime())
    }
  }
}

function pageById<T extends { id: LedgerId }>(items: Iterable<T>, { limit, after = 0n }: IdPage): T[] {
  const following = [...items].filter(({ id }) => id > after)
  return following.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit)
}

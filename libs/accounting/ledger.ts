import type { Balance, LedgerAccount, NewAccount } from './account.js'
import type { LedgerId } from './ids.js'
import type { Outcome } from './outcome.js'
import type { LedgerTransfer, Leg } from './transfer.js'

/** Sums over all accounts of one ledger; debits and credits are equal unless units were made or lost. */
export interface LedgerTotals {
  readonly ledger: number
  readonly accounts: number
  readonly debitsPosted: bigint
  readonly creditsPosted: bigint
  readonly debitsPending: bigint
  readonly creditsPending: bigint
}

/** `before`: the position to stop short of, from the last transfer of the page before. */
export interface StatementPage {
  readonly limit: number
  readonly before?: bigint
}

/** `after`: the last id of the page before. The order is the ledger's own and stays the same. */
export interface IdPage {
  readonly limit: number
  readonly after?: LedgerId
}

/** `madeSince`: those made before are left out. */
export interface TimedPage extends IdPage {
  readonly madeSince: Date
}

/** `since`: those whose time was up before are left out. */
export interface ExpiredPage extends IdPage {
  readonly since: Date
}

/**
 * The double-entry ledger. Writing verbs take a chain: all of it stands or nothing does. They are idempotent by the caller's
 * ids and answer with a value; after a refusal, a changed attempt needs new ids (an adapter may remember refused ones),
 * except where an account was unknown: once it is open, the same ids are taken.
 * Reading verbs throw DomainError('unavailable') when the ledger cannot be reached within its deadline.
 */
export abstract class Ledger {
  /** Whether it outlives the process: only then is what was charged before known after a restart. */
  abstract readonly isDurable: boolean

  /** Opens what is missing; accounts that exist with the same content are left as they are. */
  abstract openAccounts(accounts: readonly NewAccount[]): Promise<Outcome>
  /** `untilMs`: not begun later, so that it stands or will never stand soon after; `unknown` then. */
  abstract transfer(chain: readonly Leg[], untilMs?: number): Promise<Outcome>
  /** `timeoutSeconds` 0: no timeout, only a post or a void ends it. */
  abstract reserve(chain: readonly Leg[], timeoutSeconds: number): Promise<Outcome>
  /**
   * `answer` is kept under the first id, with the post, until the time that the id begins with (`derivedIdAt`): whoever
   * asks again for what was posted gets the same answer. Without it where the ledger cannot keep answers.
   */
  abstract post(ids: readonly LedgerId[], answer?: Buffer): Promise<Outcome>
  abstract void(ids: readonly LedgerId[]): Promise<Outcome>
  /** Sets or lifts (`undefined`) the maximum balance of an account opened with the limit `both`. */
  abstract setMaximum(accountId: LedgerId, maximum: bigint | undefined): Promise<Outcome>

  /** Accounts that do not exist are absent. */
  abstract balances(ids: readonly LedgerId[]): Promise<ReadonlyMap<LedgerId, Balance>>
  /** The account's transfers, newest first. */
  abstract statement(accountId: LedgerId, page: StatementPage): Promise<LedgerTransfer[]>
  /** Transfers that do not exist are absent. */
  abstract lookup(ids: readonly LedgerId[]): Promise<ReadonlyMap<LedgerId, LedgerTransfer>>
  /** What was kept with the post of this id; undefined when nothing was, or when its time is over. */
  abstract keptAnswer(id: LedgerId): Promise<Buffer | undefined>
  abstract accounts(page: IdPage): Promise<LedgerAccount[]>
  /** Reservations neither posted nor voided, also those past their timeout that are not yet released. */
  abstract openReservations(page: IdPage): Promise<LedgerTransfer[]>
  /** Reservations with a timeout that is not over, neither posted nor voided. Each leg of a chain by itself. */
  abstract timedReservations(page: TimedPage): Promise<LedgerTransfer[]>
  /** Reservations that nobody ended, released by their timeout: whether they should have been posted is not known. */
  abstract expiredReservations(page: ExpiredPage): Promise<LedgerTransfer[]>
  abstract totals(): Promise<LedgerTotals[]>
  abstract close(): Promise<void>
}

import {
  available,
  depositLegs,
  idFromUuid,
  type Ledger,
  type LedgerAsset,
  type LedgerId,
  type LedgerTransfer,
  type Leg,
  type Outcome,
  TransferCode,
  withdrawalLegs,
} from '@kivuko/accounting'
import { DomainError } from '@kivuko/platform'
import { checkUuid } from './checks.js'
import { ledgerUnavailable, refusedTransfer, withdrawalEnded } from './liquidity-errors.js'

/** A ledger account that an operator fills and empties. */
export interface LiquidityAccount {
  readonly id: string
  readonly asset: LedgerAsset
  /** Opens it and its asset's accounts where they are not known to be open. */
  ensureOpen(): Promise<void>
  /** The same where the ledger turned out to lack one of them. */
  reopen(): Promise<void>
}

/** `id` is the caller's UUID: the same id and amount again is done once and answered alike. */
export interface LiquidityTransfer {
  readonly id: string
  readonly amount: bigint
}

/** `timeoutSeconds` 0: final at once. Otherwise the money is held until posted, voided, or that many seconds have passed. */
export interface LiquidityWithdrawal extends LiquidityTransfer {
  readonly timeoutSeconds: bigint
}

// Ledgers keep a reservation's timeout as an unsigned 32-bit number of seconds.
const MAX_TIMEOUT_SECONDS = 2n ** 32n - 1n

/** Deposits into and withdrawals from liquidity accounts, in Rafiki's words and with its reasons. */
export class Liquidity {
  constructor(private readonly ledger: Ledger) {}

  async deposit(account: LiquidityAccount, { id, amount }: LiquidityTransfer): Promise<void> {
    const legs = depositLegs({ ...checkTransfer(id, amount), ...posting(account) })
    throwUnlessAccepted(await this.submit(account, legs), id)
  }

  /** Repeated, it is answered by what has become of it: one that was voided, say, is not made again. */
  async withdraw(account: LiquidityAccount, { id, amount, timeoutSeconds }: LiquidityWithdrawal): Promise<void> {
    const legs = withdrawalLegs({ ...checkTransfer(id, amount), ...posting(account) })
    const outcome = await this.submit(account, legs, checkTimeout(timeoutSeconds))
    const ended = isIdTaken(outcome) ? await this.findEnded(account, idFromUuid(id)) : undefined
    if (ended !== undefined) throw withdrawalEnded(ended, 'id')
    throwUnlessAccepted(outcome, id)
  }

  /**
   * The ledger's own answer. `timeoutSeconds` 0: final at once. The accounts first: the ids of many transfers are given, and
   * a ledger may remember those that it refused.
   */
  async submit(account: LiquidityAccount, legs: readonly Leg[], timeoutSeconds = 0): Promise<Outcome> {
    await account.ensureOpen()
    const act = () => (timeoutSeconds === 0 ? this.ledger.transfer(legs) : this.ledger.reserve(legs, timeoutSeconds))
    const outcome = await act()
    if (!isMissingAccount(outcome)) return outcome
    await account.reopen()
    return act()
  }

  /** What each account could pay out now; accounts that the ledger does not know are absent. */
  async of(accountIds: readonly string[]): Promise<ReadonlyMap<string, bigint>> {
    const balances = await this.ledger.balances(accountIds.map(idFromUuid))
    const found = new Map<string, bigint>()
    for (const id of accountIds) {
      const balance = balances.get(idFromUuid(id))
      if (balance !== undefined) found.set(id, available(balance))
    }
    return found
  }

  /** A withdrawal in two phases from the account whose second phase is over. */
  private async findEnded(account: LiquidityAccount, id: LedgerId): Promise<LedgerTransfer | undefined> {
    const found = (await this.ledger.lookup([id])).get(id)
    const isOurs = found?.code === TransferCode.withdrawal && found.debitAccountId === idFromUuid(account.id)
    return isOurs && found.timeoutSeconds !== undefined && found.state !== 'pending' ? found : undefined
  }
}

/** The ledger's answer to transfer `id` as an exception, unless it accepted. */
export function throwUnlessAccepted(outcome: Outcome, id: string): void {
  switch (outcome.kind) {
    case 'accepted':
      return
    case 'refused':
      throw refusedTransfer(outcome.refusal, id)
    case 'unknown':
      throw ledgerUnavailable(outcome.message)
    default:
      throw outcome satisfies never
  }
}

/** By this very transfer or by another one. */
function isIdTaken(outcome: Outcome): boolean {
  if (outcome.kind === 'accepted') return outcome.repeated
  return outcome.kind === 'refused' && outcome.refusal === 'exists-with-different-content'
}

function isMissingAccount(outcome: Outcome): boolean {
  if (outcome.kind !== 'refused') return false
  return outcome.refusal === 'unknown-debit-account' || outcome.refusal === 'unknown-credit-account'
}

export function posting(account: LiquidityAccount): { accountId: LedgerId; asset: LedgerAsset } {
  return { accountId: idFromUuid(account.id), asset: account.asset }
}

function checkTransfer(id: string, amount: bigint): { id: LedgerId; amount: bigint } {
  checkUuid('The transfer id', id)
  checkAmount(id, amount)
  return { id: idFromUuid(id), amount }
}

export function checkAmount(id: string, amount: bigint): void {
  if (amount !== 0n) return
  throw new DomainError('invalid', 'AmountZero', `Transfer "${id}" has the amount 0; give at least 1`)
}

export function checkTimeout(seconds: bigint): number {
  if (seconds >= 0n && seconds <= MAX_TIMEOUT_SECONDS) return Number(seconds)
  const message = `timeoutSeconds must be between 0 (no second phase) and ${MAX_TIMEOUT_SECONDS}, found ${seconds}`
  throw new DomainError('invalid', 'InvalidTimeout', message)
}

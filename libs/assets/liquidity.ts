import {
  available,
  depositLegs,
  idFromUuid,
  type Ledger,
  type LedgerAsset,
  type LedgerId,
  type Outcome,
  withdrawalLegs,
} from '@kivuko/accounting'
import { DomainError } from '@kivuko/platform'
import { checkUuid } from './checks.js'
import { ledgerUnavailable, refusedTransfer } from './liquidity-errors.js'

/** A ledger account that an operator fills and empties; `reopen` opens it should the ledger lack it after all. */
export interface LiquidityAccount {
  readonly id: string
  readonly asset: LedgerAsset
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
    await this.settle(account, id, () => this.ledger.transfer(legs))
  }

  async withdraw(account: LiquidityAccount, { id, amount, timeoutSeconds }: LiquidityWithdrawal): Promise<void> {
    const legs = withdrawalLegs({ ...checkTransfer(id, amount), ...posting(account) })
    const seconds = checkTimeout(timeoutSeconds)
    await this.settle(account, id, () =>
      seconds === 0 ? this.ledger.transfer(legs) : this.ledger.reserve(legs, seconds),
    )
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

  private async settle(account: LiquidityAccount, id: string, act: () => Promise<Outcome>): Promise<void> {
    let outcome = await act()
    if (isMissingAccount(outcome)) {
      await account.reopen()
      outcome = await act()
    }
    throwUnlessAccepted(outcome, id)
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

function isMissingAccount(outcome: Outcome): boolean {
  if (outcome.kind !== 'refused') return false
  return outcome.refusal === 'unknown-debit-account' || outcome.refusal === 'unknown-credit-account'
}

function posting(account: LiquidityAccount): { accountId: LedgerId; asset: LedgerAsset } {
  return { accountId: idFromUuid(account.id), asset: account.asset }
}

function checkTransfer(id: string, amount: bigint): { id: LedgerId; amount: bigint } {
  checkUuid('The transfer id', id)
  if (amount === 0n)
    throw new DomainError('invalid', 'AmountZero', `Transfer "${id}" has the amount 0; give at least 1`)
  return { id: idFromUuid(id), amount }
}

function checkTimeout(seconds: bigint): number {
  if (seconds >= 0n && seconds <= MAX_TIMEOUT_SECONDS) return Number(seconds)
  const message = `timeoutSeconds must be between 0 (no second phase) and ${MAX_TIMEOUT_SECONDS}, found ${seconds}`
  throw new DomainError('invalid', 'InvalidTimeout', message)
}

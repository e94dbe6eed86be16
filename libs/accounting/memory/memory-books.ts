import type { AccountLimit, Balance, LedgerAccount, NewAccount } from '../account.js'
import type { LedgerId } from '../ids.js'
import type { Refusal } from '../outcome.js'
import { type LedgerTransfer, type Leg, TransferCode } from '../transfer.js'

interface Totals {
  debitsPosted: bigint
  debitsPending: bigint
  creditsPosted: bigint
  creditsPending: bigint
  creditLine: bigint
  maximum?: bigint
}

export type Account = NewAccount & Totals
export type Transfer = { -readonly [K in keyof LedgerTransfer]: LedgerTransfer[K] }

/** Accounts and transfers, and the arithmetic between them: no chains, no time. */
export class MemoryBooks {
  readonly accounts = new Map<LedgerId, Account>()
  readonly transfers = new Map<LedgerId, Transfer>()

  open({ id, ledger, code, limit }: NewAccount): void {
    const none = { debitsPosted: 0n, debitsPending: 0n, creditsPosted: 0n, creditsPending: 0n, creditLine: 0n }
    this.accounts.set(id, { id, ledger, code, limit, ...none })
  }

  /** The accounts and limits of a leg that is new. */
  refusal(leg: Leg): Refusal | undefined {
    const debit = this.accounts.get(leg.debitAccountId)
    const credit = this.accounts.get(leg.creditAccountId)
    if (debit === undefined) return 'unknown-debit-account'
    if (credit === undefined) return 'unknown-credit-account'
    if (debit.ledger !== leg.ledger || credit.ledger !== leg.ledger) return 'different-ledgers'
    if (limitsDebits(debit.limit) && fundsOf(debit) < leg.amount) return 'insufficient-funds'
    if (credit.limit === 'credits' && roomOf(credit) < leg.amount) return 'insufficient-room'
    if (credit.maximum === undefined || leg.code === TransferCode.credit) return undefined
    return heldBy(credit) + leg.amount > credit.maximum ? 'insufficient-room' : undefined
  }

  /** Writes a leg that was not refused. */
  write(leg: Leg, state: 'posted' | 'pending', sign: 1n | -1n = 1n): void {
    const { debit, credit } = this.sides(leg)
    const amount = leg.amount * sign
    if (state === 'pending') {
      debit.debitsPending += amount
      credit.creditsPending += amount
    } else {
      debit.debitsPosted += amount
      credit.creditsPosted += amount
      this.moveCreditLine(leg, amount)
    }
  }

  sides(leg: Leg): { debit: Account; credit: Account } {
    const debit = this.accounts.get(leg.debitAccountId)
    const credit = this.accounts.get(leg.creditAccountId)
    if (debit === undefined || credit === undefined) throw new Error(`transfer ${leg.id} names an account not opened`)
    return { debit, credit }
  }

  private moveCreditLine(leg: Leg, amount: bigint): void {
    if (leg.code !== TransferCode.credit) return
    const { debit, credit } = this.sides(leg)
    credit.creditLine += amount
    debit.creditLine -= amount
  }
}

export function heldBy(balance: Balance): bigint {
  return balance.creditsPosted + balance.creditsPending - balance.debitsPosted - balance.creditLine
}

export function toAccount(account: Account): LedgerAccount {
  return { ...account }
}

function limitsDebits(limit: AccountLimit): boolean {
  return limit === 'debits' || limit === 'both'
}

function fundsOf(account: Account): bigint {
  return account.creditsPosted - account.debitsPosted - account.debitsPending
}

function roomOf(account: Account): bigint {
  return account.debitsPosted - account.creditsPosted - account.creditsPending
}

import type { AccountLimit, Balance, LedgerAccount, NewAccount } from '../account.js'
import type { LedgerId } from '../ids.js'
import type { Refusal } from '../outcome.js'
import { type LedgerTransfer, type Leg, TransferCode, type TransferState } from '../transfer.js'

/** An account and its totals. */
export class Account implements LedgerAccount {
  readonly id: LedgerId
  readonly ledger: number
  readonly code: LedgerAccount['code']
  readonly limit: AccountLimit
  readonly mostCredits: bigint | undefined
  debitsPosted = 0n
  debitsPending = 0n
  creditsPosted = 0n
  creditsPending = 0n
  creditLine = 0n
  maximum?: bigint

  constructor({ id, ledger, code, limit, mostCredits }: NewAccount) {
    this.id = id
    this.ledger = ledger
    this.code = code
    this.limit = limit
    this.mostCredits = mostCredits
  }
}

/** What is kept of a transfer: with its accounts at hand and times as numbers, since a run keeps millions of them. */
export interface Transfer {
  readonly leg: Leg
  readonly debit: Account
  readonly credit: Account
  readonly position: number
  readonly createdAtMs: number
  /** Undefined: it was posted at once. */
  readonly timeoutSeconds: number | undefined
  state: TransferState
}

/** Accounts and transfers, and the arithmetic between them: no chains, no time. */
export class MemoryBooks {
  readonly accounts = new Map<LedgerId, Account>()
  readonly transfers = new Map<LedgerId, Transfer>()

  open(account: NewAccount): void {
    this.accounts.set(account.id, new Account(account))
  }

  /** Writes a leg, or tells why it cannot be: its id is taken, or its accounts or limits do not allow it. */
  write(leg: Leg, createdAtMs: number, timeoutSeconds: number | undefined): Transfer | Refusal {
    if (this.transfers.has(leg.id)) return 'exists-with-different-content'
    const debit = this.accounts.get(leg.debitAccountId)
    if (debit === undefined) return 'unknown-debit-account'
    const credit = this.accounts.get(leg.creditAccountId)
    if (credit === undefined) return 'unknown-credit-account'
    const refusal = refusalBy(leg, debit, credit)
    if (refusal !== undefined) return refusal
    const state = timeoutSeconds === undefined ? 'posted' : 'pending'
    const position = this.transfers.size + 1
    const transfer: Transfer = { leg, debit, credit, position, createdAtMs, timeoutSeconds, state }
    move(transfer, state, leg.amount)
    this.transfers.set(leg.id, transfer)
    return transfer
  }

  /** As if it had never been written. */
  takeBack(transfer: Transfer): void {
    const { leg, timeoutSeconds } = transfer
    move(transfer, timeoutSeconds === undefined ? 'posted' : 'pending', -leg.amount)
    this.transfers.delete(leg.id)
  }
}

/** Ends a reservation. */
export function end(transfer: Transfer, state: 'posted' | 'voided' | 'expired'): void {
  transfer.state = state
  move(transfer, 'pending', -transfer.leg.amount)
  if (state === 'posted') move(transfer, 'posted', transfer.leg.amount)
}

export function expiryOf({ createdAtMs, timeoutSeconds }: Transfer): number {
  return timeoutSeconds ? createdAtMs + timeoutSeconds * 1_000 : Number.POSITIVE_INFINITY
}

export function toAccount(account: Account): LedgerAccount {
  return { ...account }
}

export function toTransfer(transfer: Transfer): LedgerTransfer {
  const { leg, state, position, createdAtMs, timeoutSeconds } = transfer
  const kept = { ...leg, state, position: BigInt(position), createdAt: new Date(createdAtMs) }
  if (timeoutSeconds === undefined) return kept
  return { ...kept, timeoutSeconds, ...(timeoutSeconds > 0 && { expiresAt: new Date(expiryOf(transfer)) }) }
}

export function heldBy(balance: Balance): bigint {
  return balance.creditsPosted + balance.creditsPending - balance.debitsPosted - balance.creditLine
}

function refusalBy(leg: Leg, debit: Account, credit: Account): Refusal | undefined {
  if (debit.ledger !== leg.ledger || credit.ledger !== leg.ledger) return 'different-ledgers'
  if (limitsDebits(debit.limit) && fundsOf(debit) < leg.amount) return 'insufficient-funds'
  if (credit.limit === 'credits' && roomOf(credit) < leg.amount) return 'insufficient-room'
  const { mostCredits } = credit
  if (mostCredits !== undefined && creditsOf(credit) + leg.amount > mostCredits) return 'insufficient-room'
  if (credit.maximum === undefined || leg.code === TransferCode.credit) return undefined
  return heldBy(credit) + leg.amount > credit.maximum ? 'insufficient-room' : undefined
}

function move({ leg, debit, credit }: Transfer, as: 'posted' | 'pending', amount: bigint): void {
  if (as === 'pending') {
    debit.debitsPending += amount
    credit.creditsPending += amount
    return
  }
  debit.debitsPosted += amount
  credit.creditsPosted += amount
  if (leg.code !== TransferCode.credit) return
  credit.creditLine += amount
  debit.creditLine -= amount
}

function limitsDebits(limit: AccountLimit): boolean {
  return limit === 'debits' || limit === 'both'
}

function fundsOf(account: Account): bigint {
  return account.creditsPosted - account.debitsPosted - account.debitsPending
}

function creditsOf(account: Account): bigint {
  return account.creditsPosted + account.creditsPending
}

function roomOf(account: Account): bigint {
  return account.debitsPosted - account.creditsPosted - account.creditsPending
}

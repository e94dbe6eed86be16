import type { LedgerId } from './ids.js'

/** What an account stands for. The first five are liquidity accounts, named by the row whose id they carry. */
export const AccountCode = {
  walletAddress: 1,
  asset: 2,
  peer: 3,
  incomingPayment: 4,
  outgoingPayment: 5,
  settlement: 101,
  credit: 102,
  shortfall: 103,
} as const

export type AccountCode = (typeof AccountCode)[keyof typeof AccountCode]

/**
 * `debits`: posted and pending debits never exceed posted credits. `credits`: the mirror of it. `both`: as `debits`, and a
 * maximum balance may be set (`Ledger.setMaximum`). `none`: no limit.
 */
export type AccountLimit = 'debits' | 'credits' | 'both' | 'none'

export interface NewAccount {
  readonly id: LedgerId
  /** 1 to 2^32−1: one per asset; a transfer never leaves its ledger. */
  readonly ledger: number
  readonly code: AccountCode
  readonly limit: AccountLimit
  /**
   * The most that its credits, posted and pending, may ever add up to, whatever is debited; the first opening decides.
   * Not for the limit `both`, whose maximum is one of the balance.
   */
  readonly mostCredits?: bigint | undefined
}

/** Totals since the account was opened, in minor units; reservations past their timeout are not pending any more. */
export interface Balance {
  readonly debitsPosted: bigint
  readonly debitsPending: bigint
  readonly creditsPosted: bigint
  readonly creditsPending: bigint
  /** Part of `creditsPosted` that is credit granted, not money: the account's balance may fall to minus this. */
  readonly creditLine: bigint
  /** The highest balance that credits, posted and pending, may bring; absent when none is set. */
  readonly maximum?: bigint
}

export interface LedgerAccount extends NewAccount, Balance {}

/** What a liquidity account holds and has not promised, without the credit line: negative while credit is in use. */
export function available(balance: Balance): bigint {
  return balance.creditsPosted - balance.debitsPosted - balance.debitsPending - balance.creditLine
}

/** Whether what was found is this very account: then opening it again is a repetition. */
export function isSameAccount(found: NewAccount | undefined, { id, ledger, code, limit }: NewAccount): boolean {
  return found?.id === id && found.ledger === ledger && found.code === code && found.limit === limit
}

import type { LedgerId } from './ids.js'

/** Largest amount of one leg: 2^63 − 1, what a signed 64-bit column holds. */
export const MAX_AMOUNT = 2n ** 63n - 1n

/** Legs in one chain: far above any act of the node (a cross-currency payment has two), far below a batch. */
export const MAX_CHAIN_LEGS = 64

/** Seconds a reservation may live: as long as TigerBeetle's 32-bit field allows. */
export const MAX_TIMEOUT_SECONDS = 2 ** 32 - 1

export const TransferCode = { transfer: 1, deposit: 2, withdrawal: 3, credit: 4 } as const

/** One movement between two accounts of one ledger. */
export interface Leg {
  readonly id: LedgerId
  readonly ledger: number
  readonly debitAccountId: LedgerId
  readonly creditAccountId: LedgerId
  /** 1 to MAX_AMOUNT, in minor units. */
  readonly amount: bigint
  /** 1 to 65535, one of TransferCode. */
  readonly code: number
  /** What the leg belongs to, for example the payment's id. */
  readonly reference?: bigint
}

export type TransferState = 'posted' | 'pending' | 'voided' | 'expired'

export interface LedgerTransfer extends Leg {
  readonly state: TransferState
  /** Rises with the order in which the transfers of an account were accepted. */
  readonly position: bigint
  readonly createdAt: Date
  /** Set on what was once a reservation: 0 for one that only a post or a void ends. */
  readonly timeoutSeconds?: number
  readonly expiresAt?: Date
}

/** Whether what was found is this very leg: then asking for it again is a repetition. */
export function isSameTransfer(
  found: LedgerTransfer | undefined,
  leg: Leg,
  timeoutSeconds: number | undefined,
): boolean {
  return found !== undefined && found.timeoutSeconds === timeoutSeconds && isSameLeg(found, leg)
}

export function isSameLeg(found: Leg, leg: Leg): boolean {
  const fields = ['ledger', 'debitAccountId', 'creditAccountId', 'amount', 'code'] as const
  return fields.every((field) => found[field] === leg[field]) && (found.reference ?? 0n) === (leg.reference ?? 0n)
}

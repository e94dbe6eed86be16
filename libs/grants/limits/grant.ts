import type { Amount, Limits } from './limits.js'

/** The grant that a payment is made under. */
export interface Grant {
  readonly tenantId: string
  /** The authorization server's name of it. */
  readonly id: string
  readonly limits?: Limits
}

/** A payment as far as limits speak of it. */
export interface GrantedPayment {
  readonly id: string
  readonly receiver: string
  readonly debitAmount: Amount
  readonly receiveAmount: Amount
}

/** What the payments under a grant come to, in its current interval if it has one; null where there is no one number. */
export interface SpentAmounts {
  readonly debitAmount: Amount | null
  readonly receiveAmount: Amount | null
}

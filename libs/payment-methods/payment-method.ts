import type { LedgerId } from '@kivuko/accounting'
import type { Asset } from '@kivuko/assets'
import type { PathPrice } from './path-price.js'
import type { Receiver } from './receiver.js'

/** Who would pay, and whom. */
export interface PriceRequest {
  readonly tenantId: string
  readonly walletAddressId: string
  readonly sourceAsset: Asset
  readonly receiver: Receiver
}

/** One attempt to pay what is still to be paid. */
export interface PayRequest {
  readonly payment: {
    readonly id: string
    readonly tenantId: string
    readonly accountId: LedgerId
    readonly asset: Asset
  }
  readonly receiver: Receiver
  readonly price: PathPrice
  /** All that may leave the payment's account, and what already has, by the ledger. */
  readonly sourceAmount: bigint
  readonly sentAmount: bigint
  /** What is still to arrive. */
  readonly deliverAmount: bigint
  /** Counts the attempts that had a known end: together with the payment's id it names what is done in this one. */
  readonly attempt: number
  /** Aborted when the attempt must end: nothing more leaves, what is under way is waited for. */
  readonly signal: AbortSignal
}

/** Why an attempt ended early. `reason` is a PascalCase code; the message says what happened last. */
export interface PayError {
  readonly reason: string
  readonly message: string
  readonly isRetryable: boolean
  /** Nobody knows yet whether the attempt took effect: the same attempt must be made again. */
  readonly isUnknown?: boolean
  /** It was stopped by its signal. */
  readonly isInterrupted?: boolean
}

/** What arrived in this attempt, as far as the receiver has said. */
export interface PayResult {
  readonly deliveredAmount: bigint
  /** What that has cost, where it went by packets: what was fulfilled. The ledger may show it a moment later. */
  readonly fulfilledAmount?: bigint
  /** All that has left the payment's account by now, where the method knows it for certain. */
  readonly sentAmount?: bigint
  readonly error?: PayError
}

/** A way from a payment's account to a receiver. */
export abstract class PaymentMethod {
  /** What the way gives at the moment. Throws DomainError `unavailable` or `invalid` when it gives nothing. */
  abstract price(request: PriceRequest): Promise<PathPrice>
  /** Expected trouble is in the result; a throw is a bug or a lost database. */
  abstract pay(request: PayRequest): Promise<PayResult>
}

import { idFromUuid, type LedgerId } from '@kivuko/accounting'
import type { Asset } from '@kivuko/assets'
import type { IncomingPayment } from './incoming-payment.entity.js'
import { type IncomingPaymentState, isOpen, stateAfter } from './lifecycle.js'

/** What memory holds of an incoming payment, so that a packet for it reads no row. */
export class HeldPayment {
  readonly id: string
  readonly tenantId: string
  readonly accountId: LedgerId
  readonly incomingAmount: bigint | null
  private readonly expiresAtMs: number
  private state: IncomingPaymentState
  private receivedAmount: bigint
  private inFlightAmount = 0n

  /** `receivedAmount`: what the ledger says, which the row may still be behind. */
  constructor(
    payment: IncomingPayment,
    readonly asset: Asset,
    receivedAmount: bigint,
  ) {
    this.id = payment.id
    this.tenantId = payment.tenantId
    this.accountId = idFromUuid(payment.id)
    this.incomingAmount = payment.incomingAmount
    this.expiresAtMs = payment.expiresAt.getTime()
    this.receivedAmount = receivedAmount
    this.state = stateAfter(payment.state, receivedAmount, payment.incomingAmount)
  }

  get isBusy(): boolean {
    return this.inFlightAmount > 0n
  }

  get isOpen(): boolean {
    return isOpen(this.state)
  }

  /** All that was credited, once that is all that was asked for: no more is expected from anywhere. */
  get paidInFull(): bigint | undefined {
    return this.incomingAmount !== null && this.receivedAmount >= this.incomingAmount ? this.receivedAmount : undefined
  }

  /** Why it takes no more money, or undefined while it does. */
  closedBecause(nowMs: number): string | undefined {
    if (!this.isOpen) return `is ${this.state.toLowerCase()} and takes no more money`
    if (nowMs >= this.expiresAtMs) return `expired at ${new Date(this.expiresAtMs).toISOString()}`
    return undefined
  }

  /** How much more may be accepted, counting what is on its way; undefined without a limit. */
  missing(): bigint | undefined {
    return this.incomingAmount === null ? undefined : this.incomingAmount - this.receivedAmount - this.inFlightAmount
  }

  accept(amount: bigint): void {
    this.inFlightAmount += amount
  }

  /** The end of an accepted amount: credited in the ledger, or not. */
  settle(amount: bigint, isCredited: boolean): void {
    this.inFlightAmount -= amount
    if (!isCredited) return
    this.receivedAmount += amount
    this.state = stateAfter(this.state, this.receivedAmount, this.incomingAmount)
  }

  /** Takes over what the row says now: another process may have credited or closed it. */
  refresh(payment: IncomingPayment): void {
    this.state = payment.state
    if (payment.receivedAmount > this.receivedAmount) this.receivedAmount = payment.receivedAmount
  }
}

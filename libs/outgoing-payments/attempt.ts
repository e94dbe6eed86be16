import type { PayError, PaymentMethods, Receiver } from '@kivuko/payment-methods'
import { type Clock, DomainError } from '@kivuko/platform'
import { quotedPrice, type ReceiversService } from '@kivuko/quotes'
import type { OutgoingPayment } from './outgoing-payment.entity.js'
import type { AccountState, EndedAccount, PaymentAccounts } from './payment-accounts.js'
import { deliveredByLedger, planAttempt } from './plan-attempt.js'
import type { UnknownPackets } from './unknown-packets.js'

/** What has arrived in all, and why the attempt ended early; without an error all that could be delivered has been. */
export interface Attempted {
  readonly deliveredAmount: bigint
  readonly error?: PayError
  /** The payment's account after the attempt, if that is known without reading it. */
  readonly account?: EndedAccount
}

/** The reason under which an attempt of unknown end is written down, for the next attempt to know. */
export const UNKNOWN_END = 'LedgerUnavailable'

/** One attempt to pay: reads the ledger and the receiver, decides, and sends what is still to be sent. */
export class PaymentAttempts {
  constructor(
    private readonly accounts: PaymentAccounts,
    private readonly receivers: ReceiversService,
    private readonly methods: PaymentMethods,
    private readonly unknownPackets: UnknownPackets,
    private readonly clock: Clock,
  ) {}

  async make(payment: OutgoingPayment, signal: AbortSignal): Promise<Attempted> {
    const account = await this.settled(payment, signal)
    const attempted = await this.attempt(payment, account, signal)
    return attempted.error === undefined ? attempted : this.withUnknown(payment, attempted, signal)
  }

  /** What an attempt before this one, cut off, has left behind. */
  private async settled(payment: OutgoingPayment, signal: AbortSignal): Promise<AccountState> {
    const account = await this.accounts.read(payment)
    if (account.pendingAmount === 0n) return account
    // Packets of that attempt that were posted are no part of what has to be explained.
    const delivered = deliveredByLedger(payment.quote, progressOf(payment, account))
    await this.unknownPackets.resolve(payment, delivered, signal)
    return this.accounts.read(payment)
  }

  /** Packets whose answers were lost in this attempt may have paid the receiver after all. */
  private async withUnknown(payment: OutgoingPayment, attempted: Attempted, signal: AbortSignal): Promise<Attempted> {
    const { pendingAmount } = await this.accounts.read(payment)
    if (pendingAmount === 0n) return attempted
    const resolved = await this.unknownPackets.resolve(payment, attempted.deliveredAmount, signal)
    const deliveredAmount = attempted.deliveredAmount + (resolved ?? 0n)
    return deliveredAmount >= payment.quote.receiveAmount ? { deliveredAmount } : { ...attempted, deliveredAmount }
  }

  private async attempt(payment: OutgoingPayment, account: AccountState, signal: AbortSignal): Promise<Attempted> {
    const receiver = await this.receiver(payment.quote.receiver)
    if ('reason' in receiver) return { deliveredAmount: payment.deliveredAmount, error: receiver }
    const plan = planAttempt(payment.quote, progressOf(payment, account), receiver, this.clock.nowMs())
    switch (plan.kind) {
      case 'completed':
        return { deliveredAmount: plan.deliveredBefore }
      case 'failed': {
        const { deliveredBefore, reason, message } = plan
        return { deliveredAmount: deliveredBefore, error: { reason, message, isRetryable: false } }
      }
      case 'pay': {
        const { sourceAmount, deliverAmount, deliveredBefore } = plan
        const amounts = { sourceAmount, deliverAmount, sentAmount: account.sentAmount + account.pendingAmount }
        const { deliveredAmount, error, sentAmount } = await this.pay(payment, receiver, amounts, signal)
        const after = sentAmount === undefined ? undefined : afterSending(account, sentAmount)
        return { deliveredAmount: deliveredBefore + deliveredAmount, error, account: after }
      }
      default:
        return plan satisfies never
    }
  }

  private pay(
    payment: OutgoingPayment,
    receiver: Receiver,
    amounts: { sourceAmount: bigint; deliverAmount: bigint; sentAmount: bigint },
    signal: AbortSignal,
  ): ReturnType<ReturnType<PaymentMethods['for']>['pay']> {
    const { id, tenantId, stateAttempts, quote } = payment
    const source = { id, tenantId, accountId: this.accounts.idOf(payment), asset: this.accounts.assetOf(payment) }
    const price = quotedPrice(quote)
    return this.methods
      .for(receiver)
      .pay({ payment: source, receiver, price, ...amounts, attempt: stateAttempts, signal })
  }

  private async receiver(url: string): Promise<Receiver | PayError> {
    try {
      return await this.receivers.get(url)
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      return { reason: error.reason, message: error.message, isRetryable: error.kind === 'unavailable' }
    }
  }
}

function afterSending({ sentAmount, availableAmount }: AccountState, sentInAll: bigint): EndedAccount {
  return { sentAmount: sentInAll, availableAmount: availableAmount - (sentInAll - sentAmount) }
}

function progressOf(payment: OutgoingPayment, account: AccountState): Parameters<typeof planAttempt>[1] {
  return {
    sentAmount: account.sentAmount,
    pendingAmount: account.pendingAmount,
    recordedSentAmount: payment.sentAmount,
    recordedDeliveredAmount: payment.deliveredAmount,
    isEndUnknown: payment.errorReason === UNKNOWN_END,
  }
}

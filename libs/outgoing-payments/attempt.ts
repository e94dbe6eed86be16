import type { PayError, PaymentMethods, Receiver } from '@kivuko/payment-methods'
import { type Clock, DomainError } from '@kivuko/platform'
import { quotedPrice, type ReceiversService } from '@kivuko/quotes'
import type { Delivered } from './explain-total.js'
import type { OutgoingPayment } from './outgoing-payment.entity.js'
import type { AccountState, EndedAccount, PaymentAccounts } from './payment-accounts.js'
import { planAttempt } from './plan-attempt.js'
import type { UnknownPackets } from './unknown-packets.js'

/** What has arrived in all, and why the attempt ended early; without an error all that could be delivered has been. */
export interface Attempted {
  readonly deliveredAmount: bigint
  /** What the next attempt is to go by: of this much that was sent it is known how much arrived. */
  readonly known: Delivered
  readonly error?: PayError
  /** The payment's account after the attempt; undefined while packets of unknown end may be reserved in it. */
  readonly account?: EndedAccount
}

/** Where an attempt begins. */
interface Start {
  readonly account: AccountState
  readonly known: Delivered
}

/** The reason under which an attempt of unknown end is written down, for the next attempt to know. */
export const UNKNOWN_END = 'LedgerUnavailable'

/** One attempt to pay: reads the ledger and the receiver, decides, and sends what is still to be sent. */
export class PaymentAttempts {
  constructor(
    private readonly accounts: PaymentAccounts,
    private readonly receivers: Pick<ReceiversService, 'get'>,
    private readonly methods: Pick<PaymentMethods, 'for'>,
    private readonly unknownPackets: Pick<UnknownPackets, 'resolve'>,
    private readonly clock: Clock,
  ) {}

  async make(payment: OutgoingPayment, signal: AbortSignal): Promise<Attempted> {
    const start = await this.settled(payment, signal)
    const attempted = await this.attempt(payment, start, signal)
    return attempted.account === undefined ? this.withUnknown(payment, attempted, signal) : attempted
  }

  /** With what an attempt before this one, cut off, has left behind. */
  private async settled(payment: OutgoingPayment, signal: AbortSignal): Promise<Start> {
    const account = await this.accounts.read(payment)
    const known = knownOf(payment)
    if (account.pendingAmount === 0n) return { account, known }
    const resolved = await this.unknownPackets.resolve(payment, known, signal)
    return { account: await this.accounts.read(payment), known: resolved ?? known }
  }

  /** Packets whose answers were lost in this attempt may have paid the receiver after all. */
  private async withUnknown(payment: OutgoingPayment, attempted: Attempted, signal: AbortSignal): Promise<Attempted> {
    const account = await this.accounts.read(payment)
    if (account.pendingAmount === 0n) return { ...attempted, account }
    const known = await this.unknownPackets.resolve(payment, attempted.known, signal)
    if (known === undefined) return attempted
    const deliveredAmount = greater(known.deliveredAmount, attempted.deliveredAmount)
    const isPaid = deliveredAmount >= payment.quote.receiveAmount
    return { deliveredAmount, known, ...(!isPaid && { error: attempted.error }) }
  }

  private async attempt(payment: OutgoingPayment, { account, known }: Start, signal: AbortSignal): Promise<Attempted> {
    const receiver = await this.receiver(payment.quote.receiver)
    if ('reason' in receiver) return { deliveredAmount: known.deliveredAmount, known, error: receiver }
    const progress = progressOf(payment, account, known)
    const plan = planAttempt(payment.quote, progress, receiver, this.clock.nowMs())
    switch (plan.kind) {
      case 'completed':
        return { deliveredAmount: plan.deliveredBefore, known }
      case 'failed': {
        const { deliveredBefore, reason, message } = plan
        return { deliveredAmount: deliveredBefore, known, error: { reason, message, isRetryable: false } }
      }
      case 'pay': {
        const { sourceAmount, deliverAmount, deliveredBefore } = plan
        const amounts = { sourceAmount, deliverAmount, sentAmount: account.sentAmount + account.pendingAmount }
        const {
          deliveredAmount,
          fulfilledAmount = 0n,
          error,
          sentAmount,
        } = await this.pay(payment, receiver, amounts, signal)
        const after = sentAmount === undefined ? undefined : afterSending(account, sentAmount)
        const knownNow = {
          sentAmount: known.sentAmount + fulfilledAmount,
          deliveredAmount: known.deliveredAmount + deliveredAmount,
        }
        return { deliveredAmount: deliveredBefore + deliveredAmount, known: knownNow, error, account: after }
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

function knownOf({ sentAmount, deliveredAmount }: OutgoingPayment): Delivered {
  return { sentAmount, deliveredAmount }
}

function progressOf(
  { errorReason }: OutgoingPayment,
  { sentAmount, pendingAmount }: AccountState,
  known: Delivered,
): Parameters<typeof planAttempt>[1] {
  return {
    sentAmount,
    pendingAmount,
    recordedSentAmount: known.sentAmount,
    recordedDeliveredAmount: known.deliveredAmount,
    isEndUnknown: errorReason === UNKNOWN_END,
  }
}

function greater(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

import { derivedId, type Ledger, type Refusal, withdrawalLegs } from '@kivuko/accounting'
import { EventLiquidity, type StandingDeposit } from '@kivuko/assets'
import { assert, type Clock, type DataSource, type JobQueue, type Queries } from '@kivuko/platform'
import { amountText } from '@kivuko/quotes'
import type { End, PaymentEnding } from './ending.js'
import { alreadyFunded, quoteExpired, unknownOutgoingPayment, wrongFundingAmount, wrongState } from './errors.js'
import type { OutgoingPayment } from './outgoing-payment.entity.js'
import { findOutgoingPayment } from './outgoing-payments.queries.js'
import type { PaymentAccounts } from './payment-accounts.js'
import { startSending } from './payment-changes.queries.js'
import { OUTGOING_PAYMENTS_QUEUE } from './sending.js'

export interface FundingParts {
  readonly dataSource: DataSource
  readonly grouped: Queries
  readonly clock: Clock
  readonly ledger: Ledger
  readonly jobs: JobQueue
  readonly accounts: PaymentAccounts
  readonly ending: PaymentEnding
}

/** What comes with the operator's deposit. */
export interface Deposit {
  /** Given, it is checked: it can only be the debit amount. */
  readonly amount?: bigint
  /** For the receiver, as Rafiki's operators send it along; the timeline says that it went nowhere. */
  readonly dataToTransmit?: string
  /** As in EventDeposit: of several calls, the one whose money it is succeeds, and its repetitions. */
  readonly call?: string
}

const WITHDRAWN: ReadonlySet<Refusal> = new Set<Refusal>(['insufficient-funds', 'already-refused'])

/** From the operator's deposit to the worker's bell; and the end of payments that nobody funds. */
export class PaymentFunding {
  private readonly liquidity: EventLiquidity

  constructor(private readonly parts: FundingParts) {
    this.liquidity = new EventLiquidity(parts.ledger)
  }

  /**
   * The ledger first, then the state. The deposit belongs to the created event: it is made once. A call that finds another's
   * deposit starts the sending all the same, should that one have ended in between.
   */
  async fund(payment: OutgoingPayment, { amount, dataToTransmit, call }: Deposit): Promise<OutgoingPayment> {
    const { id, quote, state } = payment
    if (amount !== undefined && amount !== quote.debitAmount) throw wrongFundingAmount(id, amount, quote.debitAmount)
    const deposit = await this.depositOf(payment, call)
    if (state !== 'FUNDING') return fundedBy(deposit, payment)
    const kept = dataToTransmit === undefined ? '' : '; its data is not transmitted, packets of this node carry none'
    const remark = deposit.isOwn ? kept : ''
    return fundedBy(deposit, (await this.startSending(payment, remark)) ?? (await this.settleLostRace(payment)))
  }

  /** A reason is shown in the payment's metadata, as cancellationReason: there its client looks for it. */
  async cancel(payment: OutgoingPayment, reason: string | undefined): Promise<void> {
    const { id, state, stateAttempts: attempts } = payment
    if (state !== 'FUNDING') throw wrongState(id, state, 'cancelled')
    const message = reason ?? 'no reason was given'
    const end: End = {
      state: 'CANCELLED',
      deliveredAmount: 0n,
      attempts,
      error: { reason: 'Cancelled', message },
      cause: `cancelled by the operator: ${message}`,
      ...(reason !== undefined && { metadata: { ...payment.metadata, cancellationReason: reason } }),
    }
    if (!(await this.parts.ending.end(payment, undefined, end))) {
      throw wrongState(id, (await this.current(id)).state, 'cancelled')
    }
  }

  /** Ends a payment that was not funded in time. One whose deposit stands, but not its state, goes on instead. */
  async expire(payment: OutgoingPayment): Promise<void> {
    const { quote, stateAttempts: attempts } = payment
    if (quote.expiresAt.getTime() > this.parts.clock.nowMs()) return
    const { fundedAmount } = await this.parts.accounts.read(payment)
    if (fundedAmount >= quote.debitAmount) {
      await this.startSending(payment)
      return
    }
    const message = `The quote expired at ${quote.expiresAt.toISOString()}, before the payment was funded`
    const end: End = {
      state: 'CANCELLED',
      deliveredAmount: 0n,
      attempts,
      error: { reason: 'QuoteExpired', message },
      cause: message,
    }
    await this.parts.ending.end(payment, undefined, end)
  }

  /** Made now if the payment waits for it; else the one that was made, if there is one. */
  private async depositOf(payment: OutgoingPayment, call: string | undefined): Promise<StandingDeposit> {
    const { id, quote, createdEventId: eventId, state } = payment
    const account = this.parts.accounts.asLiquidity(payment)
    const isWaiting = state === 'FUNDING' && quote.expiresAt.getTime() > this.parts.clock.nowMs()
    if (isWaiting) return this.liquidity.deposit(account, { eventId, amount: quote.debitAmount, call })
    const found = state === 'CANCELLED' ? undefined : await this.liquidity.findDeposit(account, { eventId, call })
    if (found !== undefined) return found
    throw state === 'FUNDING' ? quoteExpired(id, quote.expiresAt) : wrongState(id, state, 'funded')
  }

  /** The payment as it is now; undefined when its state has changed meanwhile. */
  private async startSending(payment: OutgoingPayment, remark = ''): Promise<OutgoingPayment | undefined> {
    const { grouped, clock, jobs, accounts } = this.parts
    const { id, quote } = payment
    const at = clock.now()
    const deposited = amountText(quote.debitAmount, accounts.assetOf(payment))
    const note = { step: 'funded', cause: `${deposited} deposited${remark}`, at } as const
    if (!(await startSending(grouped, id, note))) return undefined
    await jobs.ring(OUTGOING_PAYMENTS_QUEUE, id)
    return { ...payment, state: 'SENDING', dueAt: at, updatedAt: at }
  }

  /** The state changed between the deposit and us: another call funded it, or it was cancelled, and the money goes back. */
  private async settleLostRace(payment: OutgoingPayment): Promise<OutgoingPayment> {
    const current = await this.current(payment.id)
    if (current.state !== 'CANCELLED') return current
    // A deposit that the cancellation has seen is the operator's to withdraw.
    if (current.leftoverAmount === 0n) await this.returnDeposit(payment)
    throw wrongState(payment.id, current.state, 'funded')
  }

  private async returnDeposit(payment: OutgoingPayment): Promise<void> {
    const { accounts, ledger } = this.parts
    const legs = withdrawalLegs({
      id: derivedId('funding-returned', payment.id),
      accountId: accounts.idOf(payment),
      asset: accounts.assetOf(payment),
      amount: payment.quote.debitAmount,
    })
    const outcome = await ledger.transfer(legs)
    // The operator may have withdrawn it meanwhile, or be about to.
    const isGone = outcome.kind === 'refused' && WITHDRAWN.has(outcome.refusal)
    assert(outcome.kind !== 'refused' || isGone, 'a deposit that came too late can be returned')
  }

  private async current(id: string): Promise<OutgoingPayment> {
    const payment = await findOutgoingPayment(this.parts.dataSource.manager, id)
    if (payment === null) throw unknownOutgoingPayment(id)
    return payment
  }
}

/** The payment as it is now, for the call whose deposit it was. */
function fundedBy(deposit: StandingDeposit, payment: OutgoingPayment): OutgoingPayment {
  if (!deposit.isOwn) throw alreadyFunded(payment.id, payment.state, deposit.at)
  return payment
}

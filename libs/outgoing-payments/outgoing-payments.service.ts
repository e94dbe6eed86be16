import { type EventLiquidity, isUuid, type Liquidity, type TenantScope, violatedConstraint } from '@kivuko/assets'
import { type Grant, type GrantedPayment, reserveFromGrant, type SpentAmounts, spentFromGrant } from '@kivuko/grants'
import { closedBecause, type Receiver } from '@kivuko/payment-methods'
import {
  type Clock,
  type DataSource,
  type Logger,
  messageOf,
  newRowId,
  type Page,
  type PageRequest,
  type Queries,
} from '@kivuko/platform'
import type { Amount, Quote, QuotesService, ReceiversService } from '@kivuko/quotes'
import { isActive, type WalletAddressesService } from '@kivuko/wallet-addresses'
import type { NewEvent, WebhooksService } from '@kivuko/webhooks'
import {
  inactiveSender,
  quoteExpired,
  quoteOfAnotherWallet,
  quoteUsed,
  receiverClosed,
  unknownOutgoingPayment,
  wrongState,
} from './errors.js'
import type { Deposit, PaymentFunding } from './funding.js'
import { isEnded } from './lifecycle.js'
import type { Initiator, OutgoingPayment } from './outgoing-payment.entity.js'
import {
  findOutgoingPayment,
  insertOutgoingPayment,
  type OutgoingPaymentScope,
  readOutgoingPaymentsPage,
  readOutgoingPaymentsPages,
  readTimeline,
} from './outgoing-payments.queries.js'
import type { PaymentAccounts } from './payment-accounts.js'
import { RecentPayments } from './recent-payments.js'
import type { TimelineEntry } from './timeline.entity.js'
import { outgoingPaymentPayload } from './webhook-payload.js'

export interface NewOutgoingPayment {
  readonly tenantId: string
  readonly walletAddressId: string
  readonly quoteId: string
  readonly metadata?: Record<string, unknown>
  readonly client?: string
  /** The grant that it is made under: its amounts are taken off the grant's limits. */
  readonly grant?: Grant
  readonly initiatedBy: Initiator
}

/** A payment as it is made, with what its grant has spent now. */
export type CreatedOutgoingPayment = OutgoingPayment & { readonly grantSpent?: SpentAmounts }

/** A quote and its payment in one go. Without `debitAmount`, the receiver's own open amount is delivered. */
export interface NewPaymentToReceiver extends Omit<NewOutgoingPayment, 'quoteId'> {
  readonly incomingPayment: string
  readonly debitAmount?: Amount
}

/** `timeoutSeconds` 0: final at once. `call` as in EventWithdrawal. */
export interface OutgoingPaymentWithdrawal {
  readonly tenantId: TenantScope
  readonly id: string
  readonly timeoutSeconds: bigint
  readonly call?: string
}

export interface OutgoingPaymentsParts {
  readonly clock: Clock
  readonly dataSource: DataSource
  readonly grouped: Queries
  readonly log: Logger
  readonly walletAddresses: WalletAddressesService
  readonly webhooks: WebhooksService
  readonly quotes: QuotesService
  readonly receivers: ReceiversService
  readonly accounts: PaymentAccounts
  readonly funding: PaymentFunding
  readonly liquidity: Liquidity
  readonly eventLiquidity: EventLiquidity
}

/** A payment's row that stands; `tell` its event. */
interface Inserted {
  readonly grantSpent?: SpentAmounts
  tell(): Promise<void>
}

/** Outgoing payments as the doors see them: made from quotes, funded or cancelled by the operator, sent by the worker. */
export class OutgoingPaymentsService {
  private readonly recent = new RecentPayments()

  constructor(private readonly parts: OutgoingPaymentsParts) {}

  async create(input: NewOutgoingPayment): Promise<CreatedOutgoingPayment> {
    const quote = await this.parts.quotes.get(input.tenantId, input.quoteId)
    await this.checkSender(input, quote)
    const receiver = await this.openReceiver(quote)
    const payment = this.draft(input, quote, receiver.receivedAmount)
    const { grantSpent, tell } = await this.insert(payment, input.grant)
    this.recent.add(payment)
    await Promise.all([this.openAccount(payment), tell()])
    return { ...payment, grantSpent }
  }

  async createFromIncomingPayment(input: NewPaymentToReceiver): Promise<CreatedOutgoingPayment> {
    const { incomingPayment: receiver, debitAmount, ...rest } = input
    const { tenantId, walletAddressId, client } = input
    const quote = await this.parts.quotes.create({ tenantId, walletAddressId, receiver, debitAmount, client })
    return this.create({ ...rest, quoteId: quote.id })
  }

  /** `tenantId` undefined: of any tenant, for the operator. While it is being sent, `sentAmount` is the ledger's of now. */
  async get(tenantId: TenantScope, id: string): Promise<OutgoingPayment> {
    const payment = await this.find(tenantId, id)
    if (payment.state === 'SENDING') payment.sentAmount = (await this.parts.accounts.read(payment)).sentAmount
    return payment
  }

  list(scope: OutgoingPaymentScope, page: PageRequest = {}): Promise<Page<OutgoingPayment>> {
    return readOutgoingPaymentsPage(this.parts.dataSource.manager, scope, page)
  }

  /** The same page for several wallet addresses that the caller may see, at once. */
  listOf(
    walletAddressIds: readonly string[],
    page: PageRequest = {},
  ): Promise<ReadonlyMap<string, Page<OutgoingPayment>>> {
    return readOutgoingPaymentsPages(this.parts.dataSource.manager, walletAddressIds, page)
  }

  /** What the payments under a grant come to, in its current interval if it has one. */
  spentAmounts(grant: Grant): Promise<SpentAmounts> {
    return spentFromGrant(this.parts.dataSource.manager, grant, this.parts.clock.now())
  }

  /** Each step of the payment with its time and cause, in order. */
  async timeline(tenantId: TenantScope, id: string): Promise<TimelineEntry[]> {
    const payment = await this.find(tenantId, id)
    return readTimeline(this.parts.dataSource.manager, payment.id)
  }

  /**
   * Takes the operator's deposit of exactly the debit amount (given, it is checked) and starts the sending. Succeeds for
   * one call, and for its repetitions.
   */
  async fund(funding: { tenantId: TenantScope; id: string } & Deposit): Promise<OutgoingPayment> {
    const { tenantId, id, ...deposit } = funding
    const payment = this.recent.take(id, tenantId, this.parts.clock.nowMs()) ?? (await this.find(tenantId, id))
    return this.parts.funding.fund(payment, deposit)
  }

  /** Only before it is funded. */
  async cancel({
    tenantId,
    id,
    reason,
  }: {
    tenantId: TenantScope
    id: string
    reason?: string
  }): Promise<OutgoingPayment> {
    this.recent.take(id, tenantId, this.parts.clock.nowMs())
    await this.parts.funding.cancel(await this.find(tenantId, id), reason)
    return this.find(tenantId, id)
  }

  /** Takes out what an ended payment has left, once: it belongs to the final webhook event. */
  async withdraw({ tenantId, id, ...how }: OutgoingPaymentWithdrawal): Promise<void> {
    const payment = await this.find(tenantId, id)
    const { state, endedEventId, leftoverAmount } = payment
    if (!isEnded(state) || endedEventId === null) throw wrongState(id, state, 'withdrawn from yet')
    const amount = leftoverAmount || (await this.parts.accounts.read(payment)).availableAmount
    const account = this.parts.accounts.asLiquidity(payment)
    await this.parts.eventLiquidity.withdraw(account, { eventId: endedEventId, amount, ...how })
  }

  /** What the payments' accounts hold now, in one reading of the ledger. */
  liquidities(ids: readonly string[]): Promise<ReadonlyMap<string, bigint>> {
    return this.parts.liquidity.of(ids)
  }

  private async find(tenantId: TenantScope, id: string): Promise<OutgoingPayment> {
    const payment = isUuid(id) ? await findOutgoingPayment(this.parts.dataSource.manager, id, tenantId) : null
    if (payment === null) throw unknownOutgoingPayment(id)
    return payment
  }

  private async checkSender({ tenantId, walletAddressId }: NewOutgoingPayment, quote: Quote): Promise<void> {
    const nowMs = this.parts.clock.nowMs()
    const wallet = await this.parts.walletAddresses.get(tenantId, walletAddressId)
    if (!isActive(wallet, nowMs)) throw inactiveSender(wallet.address)
    if (quote.walletAddressId !== walletAddressId) throw quoteOfAnotherWallet(quote.id, walletAddressId)
    if (quote.expiresAt.getTime() <= nowMs) throw quoteExpired(quote.id, quote.expiresAt)
  }

  private async openReceiver(quote: Quote): Promise<Receiver> {
    const receiver = await this.parts.receivers.getFor(quote.tenantId, quote.receiver)
    if (closedBecause(receiver, this.parts.clock.nowMs()) !== undefined) throw receiverClosed(quote.receiver)
    return receiver
  }

  private draft(input: NewOutgoingPayment, quote: Quote, receiverAmountBefore: bigint): OutgoingPayment {
    const { metadata = null, client = null, grant, initiatedBy } = input
    const now = this.parts.clock.now()
    return {
      id: quote.id,
      quote,
      tenantId: quote.tenantId,
      walletAddressId: quote.walletAddressId,
      state: 'FUNDING',
      errorReason: null,
      errorMessage: null,
      stateAttempts: 0,
      sentAmount: 0n,
      deliveredAmount: 0n,
      receiverAmountBefore,
      leftoverAmount: null,
      metadata,
      client,
      grantId: grant?.id ?? null,
      initiatedBy,
      dueAt: quote.expiresAt,
      lease: null,
      createdEventId: newRowId(now.getTime()),
      endedEventId: null,
      createdAt: now,
      updatedAt: now,
    }
  }

  private async insert(payment: OutgoingPayment, grant: Grant | undefined): Promise<Inserted> {
    const { dataSource, grouped, webhooks } = this.parts
    const cause = payment.initiatedBy === 'ADMIN' ? 'created by the operator' : 'created by a client'
    const note = { step: 'created', cause, at: payment.createdAt } as const
    const event = this.createdEvent(payment)
    const insert = (db: Queries) => insertOutgoingPayment(db, payment, note, event)
    try {
      if (grant === undefined) {
        const isOurs = await insert(grouped)
        return { tell: () => webhooks.deliver(event, isOurs) }
      }
      return await dataSource.transaction(async (db) => {
        const isOurs = await insert(db)
        const grantSpent = await reserveFromGrant(db, grant, this.granted(payment), payment.createdAt)
        return { grantSpent, tell: () => webhooks.deliver(event, isOurs) }
      })
    } catch (error) {
      throw violatedConstraint(error) === 'outgoing_payments_pkey' ? quoteUsed(payment.id) : error
    }
  }

  private createdEvent(payment: OutgoingPayment): NewEvent {
    return this.parts.webhooks.prepare({
      id: payment.createdEventId,
      tenantId: payment.tenantId,
      type: 'outgoing_payment.created',
      data: outgoingPaymentPayload(payment, this.parts.accounts.assetOf(payment), 0n),
      resource: payment.id,
    })
  }

  private granted({ id, quote }: OutgoingPayment): GrantedPayment {
    const { code, scale } = this.parts.accounts.assetOf({ quote })
    const { receiver, debitAmount, receiveAmount, receiveAssetCode, receiveAssetScale } = quote
    return {
      id,
      receiver,
      debitAmount: { value: debitAmount, assetCode: code, assetScale: scale },
      receiveAmount: { value: receiveAmount, assetCode: receiveAssetCode, assetScale: receiveAssetScale },
    }
  }

  // The payment stands; an account that the ledger does not open now is opened by the deposit.
  private async openAccount(payment: OutgoingPayment): Promise<void> {
    try {
      await this.parts.accounts.open(payment)
    } catch (error) {
      this.parts.log.warn({ paymentId: payment.id, cause: messageOf(error) }, 'a ledger account is opened later')
    }
  }
}

import type { Payments } from '../admin/payments.js'
import { showAmount } from '../print/money.js'
import type { Diary } from './activity.js'
import { type Customers, credit, hold, release } from './customers.js'
import {
  anyEventShape,
  type BankEvent,
  eventShape,
  type IncomingPaymentEvent,
  type OutgoingPaymentEvent,
} from './events.js'

/** What the desk asks of the node. */
export type PaymentActs = Pick<Payments, 'fund' | 'cancel' | 'withdrawOutgoing' | 'withdrawIncoming'>

// Enough to know a repeated event again; a real bank keeps them in its database.
const REMEMBERED_EVENTS = 10_000

/** What the bank does when its node tells it something. Events may come twice: each is acted on once. */
export class WebhookDesk {
  private readonly seen = new Map<string, Promise<void>>()
  private readonly holds = new Map<string, bigint>()

  constructor(
    private readonly customers: Customers,
    private readonly payments: PaymentActs,
    private readonly diary: Diary,
  ) {}

  /** Resolves when the event has been acted on; an event that failed is acted on again when it comes again. */
  receive(body: unknown): Promise<void> {
    const { id } = anyEventShape.parse(body)
    const known = this.seen.get(id)
    if (known) return known
    const acting = this.act(body)
    this.remember(id, acting)
    acting.catch(() => this.seen.delete(id))
    return acting
  }

  private remember(id: string, acting: Promise<void>): void {
    this.seen.set(id, acting)
    const [oldest] = this.seen.keys()
    if (oldest !== undefined && this.seen.size > REMEMBERED_EVENTS) this.seen.delete(oldest)
  }

  private async act(body: unknown): Promise<void> {
    const known = eventShape.safeParse(body)
    if (known.success) return this.actOn(known.data)
    this.diary.write(`hears ${anyEventShape.parse(body).type}, which needs no act`)
  }

  private actOn({ id: eventId, type, data }: BankEvent): Promise<void> | void {
    this.diary.write(`hears ${type} (webhook, signature verified)`, data.id)
    switch (type) {
      case 'outgoing_payment.created':
        return this.fund({ ...data, eventId })
      case 'outgoing_payment.completed':
      case 'outgoing_payment.failed':
      case 'outgoing_payment.cancelled':
        return this.settle({ ...data, eventId })
      case 'incoming_payment.created':
        return undefined
      case 'incoming_payment.completed':
      case 'incoming_payment.expired':
        return this.creditCustomer({ ...data, eventId })
    }
  }

  private async fund({ id, eventId, walletAddressId, debitAmount }: OutgoingPaymentEvent): Promise<void> {
    const customer = this.customers.withWallet(walletAddressId)
    const amount = showAmount(debitAmount)
    if (!this.holds.has(id)) {
      if (!hold(customer, debitAmount.value)) {
        await this.payments.cancel(id, `${customer.name} has not enough money`)
        return this.diary.write(`cancelled the payment: ${customer.name} has not ${amount}`, id)
      }
      this.holds.set(id, debitAmount.value)
      this.diary.write(`sets ${amount} of ${customer.name} aside and funds the payment`, id)
    }
    await this.payments.fund(id, eventId)
  }

  private async settle({ id, eventId, walletAddressId, ...payment }: OutgoingPaymentEvent): Promise<void> {
    const { sentAmount, debitAmount, balance, error } = payment
    const customer = this.customers.withWallet(walletAddressId)
    if (balance > 0n) {
      await this.payments.withdrawOutgoing(id, eventId)
      this.diary.write(`takes back ${showAmount({ ...debitAmount, value: balance })} that were not sent`, id)
    }
    const held = this.holds.get(id)
    if (held === undefined) return
    this.holds.delete(id)
    release(customer, held, sentAmount.value)
    const why = error ? ` (${error})` : ''
    this.diary.write(`debits ${customer.name} ${showAmount(sentAmount)}${why}`, id)
  }

  private async creditCustomer({ id, eventId, walletAddressId, receivedAmount }: IncomingPaymentEvent): Promise<void> {
    const customer = this.customers.withWallet(walletAddressId)
    if (receivedAmount.value === 0n) return
    await this.payments.withdrawIncoming(id, eventId)
    credit(customer, receivedAmount.value)
    this.diary.write(`withdraws ${showAmount(receivedAmount)} from its node and credits ${customer.name}`, id)
  }
}

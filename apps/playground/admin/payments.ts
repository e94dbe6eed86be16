import { z } from 'zod'
import type { AdminClient } from './admin-client.js'
import { AMOUNT, type Amount, amountInput, amountShape, idShape, successShape } from './shapes.js'

const quoteShape = z.object({ id: z.string(), debitAmount: amountShape, receiveAmount: amountShape })
export type Quote = z.infer<typeof quoteShape>

/** The three calls of a payment, and what the operator's own books need afterwards. */
export class Payments {
  constructor(private readonly admin: AdminClient) {}

  /** An incoming payment at any wallet address; answers its URL. */
  async createReceiver(walletAddressUrl: string, incomingAmount: Amount): Promise<string> {
    const query = 'mutation ($input: CreateReceiverInput!) { createReceiver(input: $input) { receiver { id } } }'
    const input = { walletAddressUrl, incomingAmount: amountInput(incomingAmount) }
    const shape = z.object({ createReceiver: z.object({ receiver: idShape }) })
    const { createReceiver } = await this.admin.request(query, { input }, shape)
    return createReceiver.receiver.id
  }

  async createQuote(walletAddressId: string, receiver: string, debitAmount: Amount): Promise<Quote> {
    const query = `mutation ($input: CreateQuoteInput!) { createQuote(input: $input) { quote { id debitAmount ${AMOUNT} receiveAmount ${AMOUNT} } } }`
    const input = { walletAddressId, receiver, debitAmount: amountInput(debitAmount) }
    const shape = z.object({ createQuote: z.object({ quote: quoteShape }) })
    const { createQuote } = await this.admin.request(query, { input }, shape)
    return createQuote.quote
  }

  async createOutgoingPayment(walletAddressId: string, quoteId: string): Promise<string> {
    const query =
      'mutation ($input: CreateOutgoingPaymentInput!) { createOutgoingPayment(input: $input) { payment { id } } }'
    const input = { walletAddressId, quoteId }
    const shape = z.object({ createOutgoingPayment: z.object({ payment: idShape }) })
    const { createOutgoingPayment } = await this.admin.request(query, { input }, shape)
    return createOutgoingPayment.payment.id
  }

  async fund(outgoingPaymentId: string, idempotencyKey: string): Promise<void> {
    const query =
      'mutation ($input: DepositOutgoingPaymentLiquidityInput!) { depositOutgoingPaymentLiquidity(input: $input) { success } }'
    const input = { outgoingPaymentId, idempotencyKey }
    await this.admin.request(query, { input }, z.object({ depositOutgoingPaymentLiquidity: successShape }))
  }

  async cancel(id: string, reason: string): Promise<void> {
    const query =
      'mutation ($input: CancelOutgoingPaymentInput!) { cancelOutgoingPayment(input: $input) { payment { id } } }'
    const shape = z.object({ cancelOutgoingPayment: z.object({ payment: idShape }) })
    await this.admin.request(query, { input: { id, reason } }, shape)
  }

  /** Takes back what an ended payment did not send. */
  async withdrawOutgoing(outgoingPaymentId: string, idempotencyKey: string): Promise<void> {
    const query =
      'mutation ($input: CreateOutgoingPaymentWithdrawalInput!) { createOutgoingPaymentWithdrawal(input: $input) { success } }'
    const input = { outgoingPaymentId, idempotencyKey, timeoutSeconds: '0' }
    await this.admin.request(query, { input }, z.object({ createOutgoingPaymentWithdrawal: successShape }))
  }

  /** Takes out of the node's ledger what the bank credits to its customer. */
  async withdrawIncoming(incomingPaymentId: string, idempotencyKey: string): Promise<void> {
    const query =
      'mutation ($input: CreateIncomingPaymentWithdrawalInput!) { createIncomingPaymentWithdrawal(input: $input) { success } }'
    const input = { incomingPaymentId, idempotencyKey, timeoutSeconds: '0' }
    await this.admin.request(query, { input }, z.object({ createIncomingPaymentWithdrawal: successShape }))
  }
}

import type { OutgoingPayment } from '@kivuko/outgoing-payments'
import type { Addresses } from '../addresses.js'
import { type AssetUnits, amountView } from '../bodies/amount.view.js'
import type { ShownQuote } from '../quotes/quote.view.js'

/** What an outgoing payment's view is made of. */
export type ShownOutgoingPayment = Pick<
  OutgoingPayment,
  'id' | 'tenantId' | 'state' | 'sentAmount' | 'metadata' | 'createdAt'
> & { readonly quote: ShownQuote }

/** `outgoing-payment` of the specification; `asset` is the sender's. */
export function outgoingPaymentView(
  payment: ShownOutgoingPayment,
  walletAddress: string,
  asset: AssetUnits,
  addresses: Addresses,
) {
  const { quote, tenantId } = payment
  return {
    id: addresses.outgoingPayment(tenantId, payment.id),
    walletAddress,
    quoteId: addresses.quote(tenantId, quote.id),
    receiver: quote.receiver,
    debitAmount: amountView(quote.debitAmount, asset),
    receiveAmount: amountView(quote.receiveAmount, { code: quote.receiveAssetCode, scale: quote.receiveAssetScale }),
    sentAmount: amountView(payment.sentAmount, asset),
    failed: payment.state === 'FAILED' || payment.state === 'CANCELLED',
    ...(payment.metadata !== null && { metadata: payment.metadata }),
    createdAt: payment.createdAt.toISOString(),
  }
}

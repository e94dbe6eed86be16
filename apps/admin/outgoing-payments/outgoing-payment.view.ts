import type { AssetsService } from '@kivuko/assets'
import type { OutgoingPayment } from '@kivuko/outgoing-payments'
import { amountView } from '../pages/amount.view.js'
import { quoteView } from '../quotes/quote.view.js'

/** The fields of GraphQL's OutgoingPayment that have no resolver of their own, and its tenant. */
export function outgoingPaymentView(payment: OutgoingPayment, assets: AssetsService) {
  const quote = quoteView(payment.quote, assets)
  const { assetCode: code, assetScale: scale } = quote.debitAmount
  return {
    id: payment.id,
    tenantId: payment.tenantId,
    walletAddressId: payment.walletAddressId,
    client: payment.client,
    state: payment.state,
    error: errorOf(payment),
    stateAttempts: payment.stateAttempts,
    debitAmount: quote.debitAmount,
    receiveAmount: quote.receiveAmount,
    receiver: quote.receiver,
    metadata: payment.metadata,
    quote,
    sentAmount: amountView(payment.sentAmount, { code, scale }),
    createdAt: payment.createdAt.toISOString(),
    grantId: payment.grantId,
  }
}

function errorOf({ errorReason, errorMessage }: OutgoingPayment): string | null {
  if (errorReason === null) return null
  return errorMessage === null ? errorReason : `${errorReason}: ${errorMessage}`
}

import type { Asset } from '@kivuko/assets'
import { type Amount, amountOf } from '@kivuko/quotes'
import type { OutgoingPayment } from './outgoing-payment.entity.js'

/** PaymentData as Rafiki's webhooks carry it. `balance`: what the payment's account holds. Absent fields are left out. */
export function outgoingPaymentPayload(
  payment: OutgoingPayment,
  asset: Asset,
  balance: bigint,
): Record<string, unknown> {
  const { quote } = payment
  const receiveAsset = { code: quote.receiveAssetCode, scale: quote.receiveAssetScale }
  return {
    id: payment.id,
    walletAddressId: payment.walletAddressId,
    ...(payment.client !== null && { client: payment.client }),
    state: payment.state,
    receiver: quote.receiver,
    debitAmount: asText(amountOf(quote.debitAmount, asset)),
    receiveAmount: asText(amountOf(quote.receiveAmount, receiveAsset)),
    sentAmount: asText(amountOf(payment.sentAmount, asset)),
    stateAttempts: payment.stateAttempts,
    createdAt: payment.createdAt.toISOString(),
    balance: balance.toString(),
    ...(payment.metadata !== null && { metadata: payment.metadata }),
    ...(payment.errorReason !== null && { error: payment.errorReason, errorMessage: payment.errorMessage }),
    ...(payment.grantId !== null && { grantId: payment.grantId }),
  }
}

function asText({ value, assetCode, assetScale }: Amount): Record<string, unknown> {
  return { value: value.toString(), assetCode, assetScale }
}

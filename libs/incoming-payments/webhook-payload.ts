import type { Asset } from '@kivuko/assets'
import type { IncomingPayment } from './incoming-payment.entity.js'

interface WebhookAmount {
  readonly value: string
  readonly assetCode: string
  readonly assetScale: number
}

/** What is told of a payment. */
export type ToldPayment = Pick<
  IncomingPayment,
  | 'id'
  | 'walletAddressId'
  | 'state'
  | 'incomingAmount'
  | 'receivedAmount'
  | 'client'
  | 'metadata'
  | 'createdAt'
  | 'expiresAt'
  | 'approvedAt'
  | 'cancelledAt'
>

/** IncomingPaymentData as Rafiki's webhooks carry it: amounts as text, absent fields left out. */
export function incomingPaymentPayload(payment: ToldPayment, asset: Asset): Record<string, unknown> {
  const amount = (value: bigint): WebhookAmount => ({
    value: value.toString(),
    assetCode: asset.code,
    assetScale: asset.scale,
  })
  return {
    id: payment.id,
    walletAddressId: payment.walletAddressId,
    ...(payment.client !== null && { client: payment.client }),
    createdAt: payment.createdAt.toISOString(),
    expiresAt: payment.expiresAt.toISOString(),
    ...(payment.incomingAmount !== null && { incomingAmount: amount(payment.incomingAmount) }),
    receivedAmount: amount(payment.receivedAmount),
    completed: payment.state === 'COMPLETED',
    ...(payment.metadata !== null && { metadata: payment.metadata }),
    ...(payment.approvedAt !== null && { approvedAt: payment.approvedAt.toISOString() }),
    ...(payment.cancelledAt !== null && { cancelledAt: payment.cancelledAt.toISOString() }),
  }
}

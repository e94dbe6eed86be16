import type { IncomingPayment, IncomingPaymentsService } from '@kivuko/incoming-payments'
import { amountView } from '../pages/amount.view.js'

/** The fields of GraphQL's IncomingPayment that have no resolver of their own, and its tenant. */
export function incomingPaymentView(payment: IncomingPayment, payments: IncomingPaymentsService) {
  const asset = payments.assetOf(payment)
  return {
    id: payment.id,
    tenantId: payment.tenantId,
    url: payments.url(payment),
    walletAddressId: payment.walletAddressId,
    client: payment.client,
    state: payment.state,
    expiresAt: payment.expiresAt.toISOString(),
    incomingAmount: payment.incomingAmount === null ? null : amountView(payment.incomingAmount, asset),
    receivedAmount: amountView(payment.receivedAmount, asset),
    metadata: payment.metadata,
    senderWalletAddress: payment.senderWalletAddress,
    approvedAt: payment.approvedAt?.toISOString() ?? null,
    cancelledAt: payment.cancelledAt?.toISOString() ?? null,
    cancellationReason: payment.cancellationReason,
    createdAt: payment.createdAt.toISOString(),
  }
}

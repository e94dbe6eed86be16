import type { Receiver } from '@kivuko/payment-methods'
import { amountView } from '../pages/amount.view.js'

/** GraphQL's Receiver. */
export function receiverView(receiver: Receiver) {
  const { incomingAmount, asset } = receiver
  return {
    id: receiver.incomingPaymentUrl,
    walletAddressUrl: receiver.walletAddressUrl,
    completed: receiver.completed,
    incomingAmount: incomingAmount === undefined ? null : amountView(incomingAmount, asset),
    receivedAmount: amountView(receiver.receivedAmount, asset),
    expiresAt: receiver.expiresAt?.toISOString() ?? null,
    metadata: receiver.metadata ?? null,
    createdAt: receiver.createdAt?.toISOString() ?? null,
  }
}

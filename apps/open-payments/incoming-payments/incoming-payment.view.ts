import type { IncomingPayment, IncomingPaymentsService, StreamCredentials } from '@kivuko/incoming-payments'
import { amountView } from '../bodies/amount.view.js'

type Payments = Pick<IncomingPaymentsService, 'assetOf' | 'url' | 'credentials'>

/** `incoming-payment` of the specification. */
export function incomingPaymentView(payment: IncomingPayment, walletAddress: string, payments: Payments) {
  const asset = payments.assetOf(payment)
  return {
    id: payments.url(payment),
    walletAddress,
    completed: payment.state === 'COMPLETED',
    ...(payment.incomingAmount !== null && { incomingAmount: amountView(payment.incomingAmount, asset) }),
    receivedAmount: amountView(payment.receivedAmount, asset),
    ...(payment.metadata !== null && { metadata: payment.metadata }),
    createdAt: payment.createdAt.toISOString(),
    expiresAt: payment.expiresAt.toISOString(),
  }
}

/** `incoming-payment-with-methods`: no method once it takes no more money. */
export function incomingPaymentWithMethods(payment: IncomingPayment, walletAddress: string, payments: Payments) {
  const credentials = payments.credentials(payment)
  return { ...incomingPaymentView(payment, walletAddress, payments), methods: credentials ? [ilp(credentials)] : [] }
}

/** What anybody may know who has the URL. */
export function publicIncomingPaymentView(payment: IncomingPayment, authServer: string, payments: Payments) {
  return { receivedAmount: amountView(payment.receivedAmount, payments.assetOf(payment)), authServer }
}

function ilp({ ilpAddress, sharedSecret }: StreamCredentials) {
  return { type: 'ilp', ilpAddress, sharedSecret: sharedSecret.toString('base64url') }
}

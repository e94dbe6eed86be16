import type { IncomingPayment, StreamCredentials } from '@kivuko/incoming-payments'
import { type AssetUnits, amountView } from '../bodies/amount.view.js'

/** What an incoming payment's view is made of. */
export type ShownIncomingPayment = Pick<
  IncomingPayment,
  'state' | 'incomingAmount' | 'receivedAmount' | 'metadata' | 'expiresAt' | 'createdAt'
>

/** What a payment's row alone does not say: its own URL, its wallet address' URL, its asset. */
export interface IncomingPaymentPlace {
  readonly url: string
  readonly walletAddress: string
  readonly asset: AssetUnits
}

/** `incoming-payment` of the specification. */
export function incomingPaymentView(
  payment: ShownIncomingPayment,
  { url, walletAddress, asset }: IncomingPaymentPlace,
) {
  return {
    id: url,
    walletAddress,
    completed: payment.state === 'COMPLETED',
    ...(payment.incomingAmount !== null && { incomingAmount: amountView(payment.incomingAmount, asset) }),
    receivedAmount: amountView(payment.receivedAmount, asset),
    ...(payment.metadata !== null && { metadata: payment.metadata }),
    createdAt: payment.createdAt.toISOString(),
    expiresAt: payment.expiresAt.toISOString(),
  }
}

/** `incoming-payment-with-methods`: without credentials, as once it takes no more money, there is no way to pay it. */
export function incomingPaymentWithMethods(
  payment: ShownIncomingPayment,
  place: IncomingPaymentPlace,
  credentials: StreamCredentials | undefined,
) {
  return { ...incomingPaymentView(payment, place), methods: credentials ? [ilp(credentials)] : [] }
}

/** What anybody may know who has the URL. */
export function publicIncomingPaymentView(
  { receivedAmount }: ShownIncomingPayment,
  { asset }: Pick<IncomingPaymentPlace, 'asset'>,
  authServer: string,
) {
  return { receivedAmount: amountView(receivedAmount, asset), authServer }
}

function ilp({ ilpAddress, sharedSecret }: StreamCredentials) {
  return { type: 'ilp', ilpAddress, sharedSecret: sharedSecret.toString('base64url') }
}

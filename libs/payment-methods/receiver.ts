import type { IncomingPayment } from '@kivuko/incoming-payments'

/** An incoming payment as a sender sees it, of this node or of another. Amounts are in minor units of `asset`. */
export interface Receiver {
  readonly incomingPaymentUrl: string
  readonly walletAddressUrl: string
  readonly asset: { readonly code: string; readonly scale: number }
  readonly incomingAmount?: bigint
  readonly receivedAmount: bigint
  readonly completed: boolean
  readonly expiresAt?: Date
  readonly createdAt?: Date
  readonly metadata?: Record<string, unknown>
  /** Set when the payment is one of this node's own; `row`: as it was just read. */
  readonly local?: { readonly incomingPaymentId: string; readonly tenantId: string; readonly row?: IncomingPayment }
  /** Where to pay over Interledger: of another node's payment, while it takes money. */
  readonly ilp?: { readonly ilpAddress: string; readonly sharedSecret: Buffer }
}

/** How much more the receiver asks for; undefined when it takes any amount. */
export function missingAmount({ incomingAmount, receivedAmount }: Receiver): bigint | undefined {
  return incomingAmount === undefined ? undefined : incomingAmount - receivedAmount
}

/** Why the receiver takes no money, or undefined while it does. */
export function closedBecause(receiver: Receiver, nowMs: number): 'ReceiverCompleted' | 'ReceiverExpired' | undefined {
  if (receiver.completed) return 'ReceiverCompleted'
  if (receiver.expiresAt !== undefined && receiver.expiresAt.getTime() <= nowMs) return 'ReceiverExpired'
  const missing = missingAmount(receiver)
  return missing !== undefined && missing <= 0n ? 'ReceiverCompleted' : undefined
}

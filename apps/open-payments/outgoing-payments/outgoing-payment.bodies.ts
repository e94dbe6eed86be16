import { bodyOf } from '../bodies/body-of.js'
import { amount, metadata, url } from '../bodies/fields.js'

export const FromQuote = bodyOf({
  walletAddress: url,
  quoteId: url,
  metadata: metadata.optional(),
})

export const FromIncomingPayment = bodyOf({
  walletAddress: url,
  incomingPayment: url,
  debitAmount: amount,
  metadata: metadata.optional(),
})

/** The two ways to create an outgoing payment; which one is meant shows in the members. */
export function isFromQuote(unchecked: unknown): boolean {
  return typeof unchecked !== 'object' || unchecked === null || !('incomingPayment' in unchecked)
}

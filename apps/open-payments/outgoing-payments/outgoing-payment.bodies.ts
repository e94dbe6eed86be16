import { z } from 'zod'
import { amount, metadata, url } from '../bodies/fields.js'

export const FromQuote = z.strictObject({
  walletAddress: url,
  quoteId: url,
  metadata: metadata.optional(),
})

export const FromIncomingPayment = z.strictObject({
  walletAddress: url,
  incomingPayment: url,
  debitAmount: amount,
  metadata: metadata.optional(),
})

/** The two ways to create an outgoing payment; which one is meant shows in the members. */
export function isFromQuote(unchecked: unknown): boolean {
  return typeof unchecked !== 'object' || unchecked === null || !('incomingPayment' in unchecked)
}

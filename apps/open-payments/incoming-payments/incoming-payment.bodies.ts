import { bodyOf } from '../bodies/body-of.js'
import { amount, metadata, time, url } from '../bodies/fields.js'

export const CreateIncomingPayment = bodyOf({
  walletAddress: url,
  incomingAmount: amount.optional(),
  expiresAt: time.optional(),
  metadata: metadata.optional(),
})

import { z } from 'zod'
import { amount, metadata, time, url } from '../bodies/fields.js'

export const CreateIncomingPayment = z.strictObject({
  walletAddress: url,
  incomingAmount: amount.optional(),
  expiresAt: time.optional(),
  metadata: metadata.optional(),
})

import { z } from 'zod'
import { amount, metadata, optional, time } from '../inputs/fields.js'

export const CreateReceiver = z.object({
  walletAddressUrl: z.string(),
  expiresAt: optional(time),
  incomingAmount: optional(amount),
  metadata: optional(metadata),
})

export const CompleteReceiver = z.object({ incomingPaymentUrl: z.string() })

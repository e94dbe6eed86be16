import { z } from 'zod'
import { amount, metadata, optional, time, uuid } from '../inputs/fields.js'

export const CreateIncomingPayment = z.object({
  walletAddressId: uuid,
  expiresAt: optional(time),
  metadata: optional(metadata),
  incomingAmount: optional(amount),
})

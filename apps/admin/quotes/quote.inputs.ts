import { z } from 'zod'
import { amount, optional, uuid } from '../inputs/fields.js'

export const CreateQuote = z.object({
  walletAddressId: uuid,
  receiver: z.string(),
  debitAmount: optional(amount),
  receiveAmount: optional(amount),
})

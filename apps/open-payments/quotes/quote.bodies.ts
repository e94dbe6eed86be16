import { z } from 'zod'
import { amount, url } from '../bodies/fields.js'

export const CreateQuote = z
  .strictObject({
    walletAddress: url,
    receiver: url,
    method: z.literal('ilp', { error: 'must be "ilp"' }),
    debitAmount: amount.optional(),
    receiveAmount: amount.optional(),
  })
  .refine(({ debitAmount, receiveAmount }) => !(debitAmount && receiveAmount), {
    error: 'has both debitAmount and receiveAmount; give at most one',
  })

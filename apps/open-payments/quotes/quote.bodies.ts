import { z } from 'zod'
import { bodyOf } from '../bodies/body-of.js'
import { amount, url } from '../bodies/fields.js'

export const CreateQuote = bodyOf({
  walletAddress: url,
  receiver: url,
  method: z.literal('ilp', { error: 'must be "ilp"' }),
  debitAmount: amount.optional(),
  receiveAmount: amount.optional(),
}).refine(({ debitAmount, receiveAmount }) => !(debitAmount && receiveAmount), {
  error: 'has both debitAmount and receiveAmount; give at most one',
})

import { z } from 'zod'
import { uuid } from '../inputs/fields.js'

const MAX_REASON_CHARACTERS = 1_000

export const CloseBookDifference = z.object({
  id: uuid,
  reason: z
    .string()
    .trim()
    .min(1, { error: 'must say why the difference is settled' })
    .max(MAX_REASON_CHARACTERS, { error: `must have at most ${MAX_REASON_CHARACTERS} characters` }),
  amount: z.bigint(),
})

import { z } from 'zod'

const MAX_U64 = 2n ** 64n - 1n
const U64 = `must be a whole number from 0 to ${MAX_U64}, as a string`

const SCALE = 'must be from 0 to 255'

/** An unsigned 64-bit number as a string of digits: no sign, no space, no exponent, no hex. */
export const u64 = z
  .string({ error: U64 })
  .regex(/^\d{1,20}$/, { error: U64, abort: true })
  .transform(BigInt)
  .refine((value) => value <= MAX_U64, { error: U64 })

/** More members are let pass and ignored, as the specification's schema does. */
export const amount = z.object(
  {
    value: u64,
    assetCode: z.string({ error: 'must be a string' }).min(1, { error: 'must not be empty' }),
    assetScale: z.int({ error: 'must be a whole number' }).min(0, { error: SCALE }).max(255, { error: SCALE }),
  },
  { error: 'must be an amount: {value, assetCode, assetScale}' },
)

export type AmountBody = z.output<typeof amount>

export const url = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).max(2048)

/** RFC 3339. */
export const time = z.iso
  .datetime({ offset: true, error: 'must be a time like 2030-01-31T12:00:00Z' })
  .transform((text) => new Date(text))

export { metadata } from './metadata.js'

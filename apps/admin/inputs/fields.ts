import { z } from 'zod'

/** Fields that inputs have in common, as Zod reads them after GraphQL: UInt64 is a bigint already, a missing field may be null. */

export const uuid = z.guid({ error: 'must be a UUID' }).toLowerCase()

/** RFC 3339 with a zone. */
export const time = z.iso
  .datetime({ offset: true, error: 'must be a time like 2030-01-31T12:00:00Z' })
  .transform((text) => new Date(text))

export const amount = z.object({ value: z.bigint(), assetCode: z.string(), assetScale: z.number() })

export type AmountInput = z.output<typeof amount>

/** Null and a missing field mean the same to the rooms: not given. */
export function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? undefined)
}

export const metadata = z.record(z.string(), z.unknown())

/** A name for people. */
export const name = z.string().max(200, { error: 'must have at most 200 characters' })

/** What only a card payment has: null and a missing field are fine. */
export function noCardPayment(schema: z.ZodType) {
  return schema.nullish().refine((value) => value === undefined || value === null, {
    error: 'is of a card payment, and this node makes none; leave it out',
  })
}

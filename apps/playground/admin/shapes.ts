import { z } from 'zod'

export const AMOUNT = '{ value assetCode assetScale }'

/** Amounts travel as text in the asset's smallest unit. */
export const units = z.coerce.bigint()
export const amountShape = z.object({ value: units, assetCode: z.string(), assetScale: z.number() })
export type Amount = z.infer<typeof amountShape>

export const idShape = z.object({ id: z.string() })
export const successShape = z.object({ success: z.literal(true) })

/** A list of Relay's kind, as its plain rows. */
export function rowsOf<T>(row: z.ZodType<T>) {
  return z.object({ edges: z.array(z.object({ node: row })) }).transform(({ edges }) => edges.map(({ node }) => node))
}

export function amountInput({ value, assetCode, assetScale }: Amount) {
  return { value: value.toString(), assetCode, assetScale }
}

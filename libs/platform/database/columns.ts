import type { ValueTransformer } from 'typeorm'

/** bigint and numeric(20,0) columns as bigint: pg hands both over as text, because a number would lose digits. */
export const bigintColumn: ValueTransformer = {
  to: (value: bigint | null | undefined) => (typeof value === 'bigint' ? value.toString() : value),
  from: (text: string | null) => (text === null ? null : BigInt(text)),
}

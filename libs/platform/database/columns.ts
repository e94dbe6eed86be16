import { randomUUID } from 'node:crypto'
import type { ValueTransformer } from 'typeorm'

/** bigint and numeric(20,0) columns as bigint: pg hands both over as text, because a number would lose digits. */
export const bigintColumn: ValueTransformer = {
  to: (value: bigint | null | undefined) => (typeof value === 'bigint' ? value.toString() : value),
  from: (text: string | null) => (text === null ? null : BigInt(text)),
}

/**
 * The id of a row that many are made of: a UUID of version 7 (RFC 9562), whose first 48 bits are the time, so that new ones
 * stand together in an index, in pages that are in memory, however many earlier rows there are. 74 bits are random.
 */
export function newRowId(nowMs: number): string {
  const time = nowMs.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
}

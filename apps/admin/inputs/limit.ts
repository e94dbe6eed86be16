import { DomainError } from '@kivuko/platform'

const DEFAULT_ROWS = 20
const MAX_ROWS = 100

/** The length of a list that has no pages. */
export function readLimit(limit: number | null | undefined): number {
  const rows = limit ?? DEFAULT_ROWS
  if (rows >= 1 && rows <= MAX_ROWS) return rows
  throw new DomainError('invalid', 'InvalidLimit', `limit must be a number from 1 to ${MAX_ROWS}, found ${rows}`)
}

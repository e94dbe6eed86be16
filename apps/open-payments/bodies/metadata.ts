import { z } from 'zod'

// Deep and long enough for any record about a payment; endless nesting would exhaust the stack of whoever reads it.
const MAX_DEPTH = 32
const MAX_CHARACTERS = 16_384

/** Any JSON object, within bounds. */
export const metadata = z
  .record(z.string(), z.unknown(), { error: 'must be an object' })
  .refine((value) => isShallow(value, MAX_DEPTH), { error: `must be at most ${MAX_DEPTH} levels deep`, abort: true })
  .refine((value) => JSON.stringify(value).length <= MAX_CHARACTERS, {
    error: `must have at most ${MAX_CHARACTERS} characters`,
  })

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1))
}

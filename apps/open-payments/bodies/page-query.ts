import type { PageRequest } from '@kivuko/platform'
import { z } from 'zod'
import { url } from './fields.js'
import { parseRequest } from './parse-request.js'

const rows = z.coerce
  .number({ error: 'must be a number' })
  .int({ error: 'must be a whole number' })
  .min(1, { error: 'must be at least 1' })
  .max(100, { error: 'must be at most 100' })

const listQuery = z
  .object({
    'wallet-address': url,
    cursor: z.guid({ error: 'must be the id of a listed resource' }).optional(),
    first: rows.optional(),
    last: rows.optional(),
  })
  .refine(({ first, last }) => first === undefined || last === undefined, {
    error: 'has both: first and last are mutually exclusive',
  })
  .refine(({ last, cursor }) => last === undefined || cursor !== undefined, {
    error: 'has no cursor: last requires cursor',
  })

/** Which wallet address's resources, and which page of them: `first` after the cursor, `last` before it. */
export interface ListRequest {
  readonly walletAddressUrl: string
  readonly page: PageRequest
}

export function parseListQuery(unchecked: unknown): ListRequest {
  const { 'wallet-address': walletAddressUrl, cursor, first, last } = parseRequest(listQuery, unchecked)
  const page = last === undefined ? { first, after: cursor } : { last, before: cursor }
  return { walletAddressUrl, page }
}

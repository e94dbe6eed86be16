import { z } from 'zod'
import { signature } from '../harness/admin-client.js'
import { textsIn } from './texts.js'

/** Who signs a call, and as whom. */
export interface Credentials {
  readonly tenantId: string
  readonly secret: string
}

export interface Answer {
  readonly status: number
  readonly text: string
  readonly data: Readonly<Record<string, unknown>> | undefined
  readonly refusals: readonly { readonly code: string; readonly reason: string | undefined; readonly message: string }[]
}

const answerShape = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(z.object({ message: z.string(), extensions: z.object({ code: z.string(), reason: z.string().optional() }) }))
    .optional(),
})

/** The headers of a call that is signed rightly, at a time of one's choice. */
export function signedBy({ tenantId, secret }: Credentials, body: unknown, atMs?: number): Record<string, string> {
  return { 'tenant-id': tenantId, signature: signature(secret, body, atMs) }
}

/** Posts a body to the admin door with exactly these headers. */
export async function knock(url: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  const { data, errors = [] } = answerShape.parse(JSON.parse(text))
  const refusals = errors.map(({ message, extensions: { code, reason } }) => ({ code, reason, message }))
  return { status: response.status, text, data: data ?? undefined, refusals }
}

const FORBIDDING = /^(Unknown\w+|InvalidId|TenantNotPermitted|OperatorOnly)$/

/** Whether it was refused because the caller may not, and not for anything else. */
export function isForbidden({ refusals }: Answer, alsoWith?: string): boolean {
  const forbids = ({ code, reason = '' }: Answer['refusals'][number]) =>
    code === 'NOT_FOUND' || FORBIDDING.test(reason) || reason === alsoWith
  return refusals.length > 0 && refusals.every(forbids)
}

/** Whether it was answered with nothing: null, or a list without rows. */
export function isEmpty({ data, refusals }: Answer): boolean {
  return refusals.length === 0 && data !== undefined && Object.values(data).every(showsNothing)
}

function showsNothing(value: unknown): boolean {
  if (value === null || (typeof value === 'object' && 'count' in value && value.count === 0)) return true
  return textsIn(value).length === 0
}

/** What of these marks an answer shows that the caller did not already say itself. */
export function leaked({ text }: Pick<Answer, 'text'>, said: unknown, marks: Iterable<string>): string[] {
  const own = JSON.stringify(said)
  return [...marks].filter((mark) => text.includes(mark) && !own.includes(mark))
}

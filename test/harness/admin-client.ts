import { createHmac } from 'node:crypto'
import { SystemClock } from '@kivuko/platform'
import { canonicalize } from 'json-canonicalize'
import { z } from 'zod'

const clock = new SystemClock()

const graphqlAnswer = z.object({
  data: z.unknown(),
  errors: z
    .array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }).loose().optional() }))
    .optional(),
})

export interface AdminCredentials {
  readonly url: string
  readonly secret: string
  readonly tenantId: string
}

/** What the admin door refused: `codes` are the GraphQL codes, in order. */
export class AdminError extends Error {
  override readonly name = 'AdminError'

  constructor(
    message: string,
    readonly status: number,
    readonly codes: readonly string[],
  ) {
    super(message)
  }
}

/** `signature: t=<ms>, v1=<hex HMAC-SHA256(secret, "<t>.<canonical body>")>`, as Rafiki's clients sign. */
export function signature(secret: string, body: unknown, timestampMs = clock.nowMs(), version = 1): string {
  const digest = createHmac('sha256', secret)
    .update(`${timestampMs}.${canonicalize(body)}`)
    .digest('hex')
  return `t=${timestampMs}, v${version}=${digest}`
}

let signedAtMs = 0

/** No two calls with the same time: the same body twice in a millisecond would be taken for a replay. */
function timeOfItsOwn(): number {
  signedAtMs = Math.max(clock.nowMs(), signedAtMs + 1)
  return signedAtMs
}

export class AdminClient {
  constructor(private readonly credentials: AdminCredentials) {}

  /** Any headers in `overrides` replace the right ones: for knocking at the door with wrong ones. */
  async post(body: unknown, overrides: Record<string, string> = {}): Promise<{ status: number; text: string }> {
    const { url, secret, tenantId } = this.credentials
    const headers = {
      'content-type': 'application/json',
      'tenant-id': tenantId,
      signature: signature(secret, body, timeOfItsOwn()),
      ...overrides,
    }
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
    return { status: response.status, text: await response.text() }
  }

  async request<T>(query: string, variables: Record<string, unknown>, shape: z.ZodType<T>): Promise<T> {
    const { status, text } = await this.post({ query, variables: wireForm(variables) })
    if (!text.startsWith('{')) throw new AdminError(`admin answered ${status}: ${text}`, status, [])
    const answer = graphqlAnswer.parse(JSON.parse(text))
    if (answer.errors !== undefined && answer.errors.length > 0) {
      const messages = answer.errors.map(({ message }) => message).join('; ')
      throw new AdminError(
        messages,
        status,
        answer.errors.map(({ extensions }) => extensions?.code ?? ''),
      )
    }
    return shape.parse(answer.data)
  }
}

/** The refusal that the attempt must end with. */
export async function refusalOf(attempt: Promise<unknown>): Promise<AdminError> {
  const error: unknown = await attempt.then(
    () => new Error('nothing was refused'),
    (reason: unknown) => reason,
  )
  if (error instanceof AdminError) return error
  throw error
}

/** UInt64 travels as text: JSON has no integers beyond 2^53. */
function wireForm(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return value.map(wireForm)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, wireForm(part)]))
}

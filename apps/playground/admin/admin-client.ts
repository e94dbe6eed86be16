import { createHmac } from 'node:crypto'
import type { Clock } from '@kivuko/platform'
import { canonicalize } from 'json-canonicalize'
import { z } from 'zod'

const TIMEOUT_MS = 10_000

const answerShape = z.object({
  data: z.unknown(),
  errors: z
    .array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }).loose().optional() }))
    .optional(),
})

export const adminAccess = z.object({ url: z.url(), secret: z.string(), tenantId: z.uuid() })
export type AdminAccess = z.infer<typeof adminAccess>

/** The node's admin API: GraphQL over POST, each call signed with the operator's secret. */
export class AdminClient {
  constructor(
    private readonly access: AdminAccess,
    private readonly clock: Clock,
  ) {}

  /** Sends one document; `shape` says what of its answer is used. A refusal is an error with the node's own words. */
  async request<T>(query: string, variables: Record<string, unknown>, shape: z.ZodType<T>): Promise<T> {
    const body = { query, variables }
    const response = await fetch(this.access.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'tenant-id': this.access.tenantId,
        signature: this.sign(body),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const text = await response.text()
    if (!response.headers.get('content-type')?.includes('json')) {
      throw new Error(`the admin API answered with status ${response.status}: ${text.slice(0, 200)}`)
    }
    const { data, errors = [] } = answerShape.parse(JSON.parse(text))
    const refusals = errors.map(({ message, extensions }) => `${extensions?.code ?? 'error'}: ${message}`)
    if (refusals.length > 0) throw new Error(`the admin API refused ${nameOf(query)}: ${refusals.join('; ')}`)
    return shape.parse(data)
  }

  /** `t=<ms>, v1=<hex HMAC-SHA256(secret, "<t>.<canonical JSON of the body>")>` */
  private sign(body: unknown): string {
    const nowMs = this.clock.nowMs()
    const digest = createHmac('sha256', this.access.secret)
      .update(`${nowMs}.${canonicalize(body)}`)
      .digest('hex')
    return `t=${nowMs}, v1=${digest}`
  }
}

function nameOf(query: string): string {
  return /\{\s*(\w+)/.exec(query)?.[1] ?? 'the call'
}

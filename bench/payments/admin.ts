import { createHmac, randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { SystemClock } from '@kivuko/platform'
import { canonicalize } from 'json-canonicalize'
import { z } from 'zod'

export interface AdminAccess {
  readonly url: string
  readonly secret: string
  readonly tenantId: string
}

// Made once: a shape is costly to make, and the client shares the machine with what it measures.
const answerShape = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ message: z.string() })).optional(),
})
const made = z.record(z.string(), z.looseObject({ id: z.string() }))
const succeeded = z.object({ success: z.literal(true) })
const clock = new SystemClock()

/** What an operator's system asks at the admin door: signed GraphQL over connections that are kept. */
export class Admin {
  private readonly agent = new Agent({ keepAlive: true })
  private signedAtMs = 0

  constructor(private readonly access: AdminAccess) {}

  /** Makes something and returns its id; `path` says where the answer has it: `createAsset.asset`. */
  async create(path: `${string}.${string}`, inputType: string, input: Record<string, unknown>): Promise<string> {
    const [name = '', field = ''] = path.split('.')
    const answer = made.parse(await this.mutate(name, inputType, `${field} { id }`, input))
    const id = answer[field]?.id
    if (id === undefined) throw new Error(`${name} answered without an id`)
    return id
  }

  /** A deposit, or whatever else only succeeds. Made with the same `idempotencyKey` again it is answered, not done. */
  async act(name: string, inputType: string, input: Record<string, unknown>): Promise<void> {
    succeeded.parse(await this.mutate(name, inputType, 'success', { idempotencyKey: randomUUID(), ...input }))
  }

  close(): void {
    this.agent.destroy()
  }

  private async mutate(
    name: string,
    inputType: string,
    selection: string,
    input: Record<string, unknown>,
  ): Promise<unknown> {
    const query = `mutation ($input: ${inputType}!) { ${name}(input: $input) { ${selection} } }`
    const text = await this.post({ query, variables: { input } })
    const { data, errors = [] } = answerShape.parse(JSON.parse(text))
    if (errors.length > 0) throw new Error(`${name}: ${errors.map(({ message }) => message).join('; ')}`)
    return data?.[name]
  }

  private post(body: unknown): Promise<string> {
    const { url, tenantId } = this.access
    const headers = { 'content-type': 'application/json', 'tenant-id': tenantId, signature: this.sign(body) }
    return new Promise((resolve, reject) => {
      const asked = request(url, { method: 'POST', agent: this.agent, headers }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (part: string) => {
          text += part
        })
        response.on('error', reject)
        response.on('end', () => resolve(text))
      })
      asked.on('error', reject)
      asked.end(JSON.stringify(body))
    })
  }

  private sign(body: unknown): string {
    // No two calls with the same time: the same body twice in a millisecond would be taken for a replay.
    this.signedAtMs = Math.max(clock.nowMs(), this.signedAtMs + 1)
    const digest = createHmac('sha256', this.access.secret)
      .update(`${this.signedAtMs}.${canonicalize(body)}`)
      .digest('hex')
    return `t=${this.signedAtMs}, v1=${digest}`
  }
}

import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { canonicalize } from 'json-canonicalize'
import { z } from 'zod'
import type { Admin } from './admin.js'
import { type Listening, listen, readBody } from './listen.js'
import { waitFor } from './wait-for.js'

const eventShape = z.object({ id: z.string(), type: z.string(), data: z.looseObject({ id: z.string().optional() }) })
export type WebhookEvent = z.infer<typeof eventShape>

/** What the operator does with a payment that asks for money. */
export type Funding = 'at once' | 'never'

/**
 * An operator's system in a few lines: takes webhooks, checks their signatures, keeps them in order of arrival, and funds
 * outgoing payments through the admin door.
 */
export class Operator {
  readonly events: WebhookEvent[] = []
  readonly refused: string[] = []
  funding: Funding = 'at once'
  private admin: Admin | undefined
  private readonly funded = new Set<string>()

  private listening: Listening | undefined

  private constructor(private readonly secret: string) {}

  static async start(secret: string): Promise<Operator> {
    const operator = new Operator(secret)
    operator.listening = await listen((request, response) => {
      operator.receive(request).then(
        (status) => response.writeHead(status).end(),
        (error: unknown) => response.writeHead(500).end(String(error)),
      )
    })
    return operator
  }

  get webhookUrl(): string {
    return `${this.listening?.url}/webhooks`
  }

  serves(admin: Admin): void {
    this.admin = admin
  }

  /** Waits for an event about a resource: `event('outgoing_payment.completed', payment.id)`. */
  event(type: string, resourceId: string, deadlineMs = 20_000): Promise<WebhookEvent> {
    return this.eventWhere(type, ({ data }) => data.id === resourceId, deadlineMs)
  }

  /** Waits for an event that the test knows by something else. */
  eventWhere(type: string, isMeant: (event: WebhookEvent) => boolean, deadlineMs = 20_000): Promise<WebhookEvent> {
    const find = () => this.events.find((event) => event.type === type && isMeant(event))
    const describe = () => this.events.map((event) => `${event.type} ${event.data.id ?? ''}`)
    return waitFor(`a webhook ${type}`, find, { deadlineMs, describe })
  }

  async close(): Promise<void> {
    await this.listening?.close()
  }

  private async receive(request: IncomingMessage): Promise<number> {
    const body: unknown = JSON.parse((await readBody(request)).toString('utf8'))
    const header = request.headers['rafiki-signature']
    if (typeof header !== 'string' || !isSigned(header, body, this.secret)) {
      this.refused.push(String(header))
      return 401
    }
    const event = eventShape.parse(body)
    this.events.push(event)
    if (event.type === 'outgoing_payment.created' && event.data.id !== undefined) await this.fund(event.data.id)
    return 200
  }

  private async fund(paymentId: string): Promise<void> {
    if (this.funding === 'never' || this.admin === undefined || this.funded.has(paymentId)) return
    this.funded.add(paymentId)
    await this.admin.fundOutgoingPayment(paymentId)
  }
}

function isSigned(header: string, body: unknown, secret: string): boolean {
  const match = /^t=(\d+), v1=([0-9a-f]{64})$/.exec(header)
  if (match === null) return false
  const expected = createHmac('sha256', secret)
    .update(`${match[1]}.${canonicalize(body)}`)
    .digest()
  return timingSafeEqual(expected, Buffer.from(match[2] ?? '', 'hex'))
}

import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { canonicalize } from 'json-canonicalize'
import { z } from 'zod'
import type { Admin } from './admin.js'
import { AdminError } from './admin-client.js'
import { type Listening, listen, readBody } from './listen.js'
import { waitFor } from './wait-for.js'

const eventShape = z.object({ id: z.string(), type: z.string(), data: z.looseObject({ id: z.string().optional() }) })
export type WebhookEvent = z.infer<typeof eventShape>

// What a node answers to a deposit that its payment has no use for any more.
const SETTLED: ReadonlySet<string> = new Set(['CONFLICT', 'BAD_USER_INPUT'])

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
  private url: string | undefined

  private constructor(private readonly secret: string) {}

  static async start(secret: string): Promise<Operator> {
    const operator = new Operator(secret)
    await operator.comeBack()
    return operator
  }

  get webhookUrl(): string {
    return `${this.url}/webhooks`
  }

  /** Nobody listens any more; what is being answered is cut off. */
  async goDown(): Promise<void> {
    await this.listening?.close()
    this.listening = undefined
  }

  /** Listens again, at the same address. */
  async comeBack(): Promise<void> {
    if (this.listening !== undefined) return
    const port = this.url === undefined ? 0 : Number(new URL(this.url).port)
    this.listening = await listen((request, response) => {
      this.receive(request).then(
        (status) => response.writeHead(status).end(),
        (error: unknown) => response.writeHead(500).end(String(error)),
      )
    }, port)
    this.url = this.listening.url
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

  close(): Promise<void> {
    return this.goDown()
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
    try {
      await this.admin.fundOutgoingPayment(paymentId)
    } catch (error) {
      // Funded by a call whose answer was lost, or too late: there is nothing more to do. Any other refusal is tried again
      // when the event, not taken, comes again.
      if (error instanceof AdminError && error.codes.some((code) => SETTLED.has(code))) return
      this.funded.delete(paymentId)
      throw error
    }
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

import { createServer, type IncomingMessage, type Server } from 'node:http'
import { z } from 'zod'
import { listening } from '../connector/child.js'
import type { Admin } from './admin.js'

const eventShape = z.object({ id: z.string(), type: z.string(), data: z.looseObject({ id: z.string() }) })

type End = (type: string) => void

/** An operator's webhook listener: funds every payment that asks for money, and hears how payments end. */
export class Operator {
  private readonly ends = new Map<string, End>()
  private readonly heard = new Map<string, string>()
  private readonly server: Server
  private admin: Admin | undefined

  private constructor() {
    this.server = createServer((incoming, response) => {
      this.receive(incoming).then(
        () => response.writeHead(200).end(),
        (error: unknown) => response.writeHead(500).end(String(error)),
      )
    })
    this.server.keepAliveTimeout = 60_000
  }

  static async start(): Promise<Operator> {
    const operator = new Operator()
    await new Promise<void>((ready) => operator.server.listen(0, '127.0.0.1', ready))
    return operator
  }

  get url(): string {
    return `${listening(this.server)}/webhooks`
  }

  serves(admin: Admin): void {
    this.admin = admin
  }

  /** Resolves with the type of the event that told the payment's end. */
  end(paymentId: string): Promise<string> {
    const type = this.heard.get(paymentId)
    this.heard.delete(paymentId)
    if (type !== undefined) return Promise.resolve(type)
    return new Promise((resolve) => this.ends.set(paymentId, resolve))
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((closed) => this.server.close(closed))
  }

  private async receive(incoming: IncomingMessage): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of incoming) parts.push(Buffer.from(part))
    const { id, type, data } = eventShape.parse(JSON.parse(Buffer.concat(parts).toString('utf8')))
    if (type === 'outgoing_payment.created') await this.fund(data.id, id)
    else if (type.startsWith('outgoing_payment.')) this.tell(data.id, type)
  }

  // An event that was too slow to answer comes again: its id is the key of what is done about it.
  private async fund(outgoingPaymentId: string, idempotencyKey: string): Promise<void> {
    const input = { outgoingPaymentId, idempotencyKey }
    await this.admin?.act('depositOutgoingPaymentLiquidity', 'DepositOutgoingPaymentLiquidityInput', input)
  }

  private tell(paymentId: string, type: string): void {
    const end = this.ends.get(paymentId)
    if (end === undefined) this.heard.set(paymentId, type)
    else {
      this.ends.delete(paymentId)
      end(type)
    }
  }
}

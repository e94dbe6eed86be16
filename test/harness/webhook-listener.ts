import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'

const eventShape = z.object({ id: z.string(), type: z.string(), data: z.record(z.string(), z.unknown()) })

export interface ReceivedWebhook extends z.infer<typeof eventShape> {
  readonly signature: string
}

/** An operator's listener that answers as it is told: a status, or undefined to never answer. */
export class WebhookListener {
  readonly received: ReceivedWebhook[] = []
  answer: (event: ReceivedWebhook) => number | undefined | Promise<number> = () => 200

  private constructor(private readonly server: Server) {}

  static async start(): Promise<WebhookListener> {
    const server = createServer()
    const listener = new WebhookListener(server)
    server.on('request', (request, response) => {
      request.setEncoding('utf8')
      let body = ''
      request.on('data', (part: string) => {
        body += part
      })
      request.on('end', async () => {
        const event = { ...eventShape.parse(JSON.parse(body)), signature: `${request.headers['rafiki-signature']}` }
        listener.received.push(event)
        const status = await listener.answer(event)
        if (status !== undefined) response.writeHead(status).end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return listener
  }

  get url(): string {
    const address = this.server.address()
    if (address === null || typeof address === 'string') throw new Error('the webhook listener is closed')
    return `http://127.0.0.1:${(address satisfies AddressInfo).port}/webhooks`
  }

  /** What was received about one resource, by the number that the test put into the event. */
  numbers(resource: string): unknown[] {
    return this.received.filter(({ data }) => data.resource === resource).map(({ data }) => data.number)
  }

  /** Ends every connection, answered or not. */
  hangUp(): void {
    this.server.closeAllConnections()
  }

  async close(): Promise<void> {
    this.hangUp()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

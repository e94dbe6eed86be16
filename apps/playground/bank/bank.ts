import { type Clock, messageOf } from '@kivuko/platform'
import Fastify, { type FastifyInstance } from 'fastify'
import { AdminClient } from '../admin/admin-client.js'
import { Operator } from '../admin/operator.js'
import { Payments } from '../admin/payments.js'
import { Diary } from './activity.js'
import { Customers } from './customers.js'
import { openAccount, openOrder } from './open-account.js'
import { payOrder, startPayment } from './pay.js'
import { ratesBody } from './rates.js'
import type { BankSettings } from './settings.js'
import { signatureProblem } from './verify-signature.js'
import { WebhookDesk } from './webhooks.js'

/** A sample bank: an operator's system beside its node. It shows what an integrator has to build, and nothing else. */
export class Bank {
  private readonly server: FastifyInstance
  private readonly customers = new Customers()
  private readonly diary: Diary
  private readonly payments: Payments
  private readonly operator: Operator
  private readonly desk: WebhookDesk

  constructor(
    private readonly settings: BankSettings,
    private readonly clock: Clock,
  ) {
    const admin = new AdminClient(settings.admin, clock)
    this.diary = new Diary(clock)
    this.payments = new Payments(admin)
    this.operator = new Operator(admin)
    this.desk = new WebhookDesk(this.customers, this.payments, this.diary)
    this.server = Fastify({ logger: { level: 'info' } })
    // Amounts are bigints inside and text outside; indented, since people read it with curl.
    this.server.setReplySerializer((body) => `${JSON.stringify(body, amountsAsText, 2)}\n`)
    this.server.setErrorHandler((error, request, reply) => {
      request.log.error(error)
      // A webhook that could not be acted on comes again; an order that cannot be followed is the customer's to change.
      return reply.code(request.url === '/webhooks' ? 500 : 400).send({ error: messageOf(error) })
    })
    this.forTheNode()
    this.forCustomers()
  }

  async listen(): Promise<void> {
    await this.server.listen({ host: this.settings.host, port: this.settings.port })
  }

  async close(): Promise<void> {
    await this.server.close()
  }

  /** What the node asks and tells. */
  private forTheNode(): void {
    this.server.get<{ Querystring: { base?: string } }>('/rates', async (request, reply) => {
      const body = ratesBody(request.query.base ?? '')
      if (body === undefined) return reply.code(404).send({ error: `no rates for ${request.query.base}` })
      return reply.type('application/json').serializer(String).send(body)
    })
    this.server.post('/webhooks', async (request, reply) => {
      const header = request.headers['rafiki-signature']
      const problem = signatureProblem(header, request.body, this.settings.webhookSecret, this.clock.nowMs())
      if (problem !== undefined) return reply.code(401).send({ error: problem })
      await this.desk.receive(request.body)
      return reply.code(204).send()
    })
    this.server.get('/healthz', async () => ({ bank: this.settings.name }))
  }

  /** What the bank's app would use. */
  private forCustomers(): void {
    const { customers, payments, diary } = this
    this.server.get('/customers', async () => customers.all())
    this.server.post('/customers', async (request, reply) => {
      const account = openOrder.parse(request.body)
      const customer = await openAccount(account, this.settings.walletAddressBase, this.operator)
      customers.add(customer)
      return reply.code(201).send(customer)
    })
    this.server.post('/payments', async (request, reply) =>
      reply.code(201).send(await startPayment(payOrder.parse(request.body), { customers, payments, diary })),
    )
    this.server.get('/activity', async () => diary.entries)
  }
}

function amountsAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}

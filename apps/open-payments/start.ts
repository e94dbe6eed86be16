import { AccessControl } from '@kivuko/grants'
import { CONFIG, type Config } from '@kivuko/platform'
import type { Door } from '@kivuko/rooms'
import type { INestApplicationContext } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { guardUnknownRoutes } from './access/unknown-routes.js'
import { answerTo } from './errors/error-body.js'
import { answerUnreadable } from './errors/unreadable-requests.js'
import { acceptJson } from './json-body.js'
import { endConnectionsWithTheirLastAnswer } from './last-answers.js'
import { openPaymentsModule } from './open-payments.module.js'

// A request with the largest metadata is a third of this.
const MAX_BODY_BYTES = 65_536
// Whoever takes longer to send a request holds a connection for nothing.
const REQUEST_TIMEOUT_MS = 10_000
// How often Node looks for them; by itself every 30 s.
const SLOW_CHECK_MS = 1_000

/** Opens the wallets' door: wallet addresses and the Open Payments resource server. */
export async function start(rooms: INestApplicationContext): Promise<Door> {
  const config = rooms.get<Config>(CONFIG)
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: SLOW_CHECK_MS },
    frameworkErrors: answerBadUrl,
    clientErrorHandler: answerUnreadable,
  })
  const app = await NestFactory.create<NestFastifyApplication>(openPaymentsModule(rooms), adapter, {
    logger: false,
    abortOnError: false,
    bodyParser: false,
    rawBody: true,
  })
  acceptJson(app, MAX_BODY_BYTES)
  guardUnknownRoutes(app, rooms.get(AccessControl))
  endConnectionsWithTheirLastAnswer(adapter.getInstance())
  await app.listen(config.openPaymentsPort, config.bindHost)
  return { name: 'open-payments', url: await app.getUrl(), close: () => app.close() }
}

/** Asked where a URL cannot even be routed. */
function answerBadUrl(error: Error, _request: FastifyRequest, reply: FastifyReply): void {
  const { status, body } = answerTo(error)
  reply.code(status).send(body)
}

import { Ledger } from '@kivuko/accounting'
import { Clock, CONFIG, type Config, LOGGER, type Logger } from '@kivuko/platform'
import type { Door } from '@kivuko/rooms'
import { IdempotencyKeys, TenantsService, UsedSignatures } from '@kivuko/tenants'
import type { INestApplicationContext } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { adminModule } from './admin.module.js'
import { Authentication } from './callers/authenticate.js'
import { SignedCalls } from './callers/signed-calls.js'
import { refuseCall } from './errors/refuse-call.js'
import { writeAnswersWhole } from './errors/write-answers-whole.js'
import { graphqlOptions } from './graphql-options.js'
import { endConnectionsWithTheirLastAnswer } from './last-answers.js'

// The largest call (a payment with its metadata) is far smaller; strangers' bodies are not read at all.
const MAX_BODY_BYTES = 262_144
// Whoever takes longer to send a call holds a connection for nothing.
const REQUEST_TIMEOUT_MS = 10_000
// How often Node looks for them; by itself every 30 s.
const SLOW_CHECK_MS = 1_000

/** Opens the operator's door: GraphQL at POST /graphql, health at GET /healthz. */
export async function start(rooms: INestApplicationContext): Promise<Door> {
  const config = rooms.get<Config>(CONFIG)
  const log = rooms.get<Logger>(LOGGER)
  const clock = rooms.get(Clock)
  const tenants = rooms.get(TenantsService)
  const authentication = new Authentication(rulesOf(config), tenants, clock)
  const used = rooms.get(UsedSignatures)
  const calls = new SignedCalls(authentication, used, (error, reply) => refuseCall(error, reply, log))
  const answers = rooms.get(IdempotencyKeys)
  const graphql = graphqlOptions({ config, log, ledger: rooms.get(Ledger), tenants, calls, answers })
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: SLOW_CHECK_MS },
  })
  const app = await NestFactory.create<NestFastifyApplication>(adminModule(rooms, graphql), adapter, {
    logger: false,
    abortOnError: false,
  })
  calls.guard(adapter.getInstance())
  writeAnswersWhole(adapter.getInstance())
  endConnectionsWithTheirLastAnswer(adapter.getInstance())
  await app.listen(config.adminPort, config.bindHost)
  return { name: 'admin', url: `${await app.getUrl()}/graphql`, close: () => app.close() }
}

function rulesOf(config: Config) {
  return { version: config.adminApiSignatureVersion, ttlSeconds: config.adminApiSignatureTtlSeconds }
}

import { createServer } from 'node:http'
import {
  CALLBACK_PATH,
  CHARGED_ONCE,
  type ConnectorService,
  peerAccount,
  REPEATS_HEADER,
  Unanswered,
} from '@kivuko/connector'
import type { PeersService } from '@kivuko/peering'
import type { Clock, Config, Logger } from '@kivuko/platform'
import type { Door, Health } from '@kivuko/rooms'
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { admitPeer, OCTETS } from './admit-peer.js'
import { answerLater, prefersLater, takeReply } from './answer-later.js'
import { UNANSWERED } from './packet-connection.js'
import { readPacketsBefore } from './packet-connections.js'
import { refuse, refuseError } from './refusals.js'
import { ResponseText } from './response-text.js'

export interface ConnectorDoorParts {
  readonly config: Pick<Config, 'bindHost' | 'connectorPort' | 'maxPacketBodyBytes'>
  readonly logger: Logger
  readonly clock: Clock
  readonly connector: Pick<
    ConnectorService,
    'chargesRepeatsOnce' | 'handle' | 'handleLater' | 'takeReply' | 'repliesSettled'
  >
  readonly peers: Pick<PeersService, 'byToken' | 'mayBeJwt' | 'byJwt'>
  readonly health: Pick<Health, 'check'>
}

// A packet is a few hundred bytes: whoever takes longer to send one holds a connection for nothing.
const REQUEST_TIMEOUT_MS = 10_000
// Longer than any peer keeps its idle connections, so that it is not we who close one just as a packet comes.
const KEEP_ALIVE_MS = 75_000
const TIMES = {
  requestTimeout: REQUEST_TIMEOUT_MS,
  headersTimeout: REQUEST_TIMEOUT_MS,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: KEEP_ALIVE_MS,
}

/** ILP over HTTP (RFC 35): POST a prepare to any path, get the fulfill or reject as the response. */
export async function openConnectorDoor(parts: ConnectorDoorParts): Promise<Door> {
  const { config, logger } = parts
  const state = { isClosing: false }
  const app = fastify({
    bodyLimit: config.maxPacketBodyBytes,
    exposeHeadRoutes: false,
    serverFactory: (answer) => createServer(TIMES, answer),
  })
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (error.statusCode === 413)
      return refuse(reply, 413, `Expected a body of at most ${config.maxPacketBodyBytes} bytes`)
    return refuseError(error, request, reply, logger)
  })
  app.addHook('onRequest', (request, reply, done) => {
    if (request.is404) refuse(reply.header('allow', 'POST'), 405, 'ILP packets are sent with POST')
    else done()
  })
  answerHealth(app, parts)
  await app.register(async (scope) => takePackets(scope, parts, state))
  const letGo = readPacketsBefore(app.server, {
    ...parts,
    maxBytes: config.maxPacketBodyBytes,
    times: { requestTimeoutMs: REQUEST_TIMEOUT_MS, keepAliveMs: KEEP_ALIVE_MS },
    responses: new ResponseText(parts.clock, KEEP_ALIVE_MS, parts.connector.chargesRepeatsOnce),
    state,
  })
  const url = await app.listen({ host: config.bindHost, port: config.connectorPort })
  return { name: 'connector', url, close }

  async function close(): Promise<void> {
    state.isClosing = true
    // Replies to packets of ours still come in here.
    await parts.connector.repliesSettled()
    letGo()
    await app.close()
  }
}

function answerHealth(app: FastifyInstance, { health }: ConnectorDoorParts): void {
  app.get('/livez', async () => ({ live: true }))
  for (const path of ['/healthz', '/readyz']) {
    app.get(path, async (_request, reply) => {
      const state = await health.check()
      reply.code(state.healthy ? 200 : 503)
      return state
    })
  }
}

function takePackets(
  app: FastifyInstance,
  { connector, peers }: ConnectorDoorParts,
  state: { readonly isClosing: boolean },
): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(OCTETS, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.decorateRequest('peer')
  if (connector.chargesRepeatsOnce) {
    app.addHook('onRequest', (_request, reply, done) => {
      reply.header(REPEATS_HEADER, CHARGED_ONCE)
      done()
    })
  }
  app.addHook('onRequest', admitPeer(peers))
  app.post(CALLBACK_PATH, async (request, reply) => {
    const { body, peer } = request
    if (!Buffer.isBuffer(body) || body.length === 0 || !peer) return refuseEmpty(request, reply)
    return takeReply(connector, peer, body, request, reply)
  })
  // No async function: the promises that Fastify makes around one cost each packet a microsecond or two.
  app.post('/*', (request, reply) => {
    const { body, peer } = request
    if (!Buffer.isBuffer(body) || body.length === 0 || !peer) return refuseEmpty(request, reply)
    if (state.isClosing) return refuse(reply.header('connection', 'close'), 503, 'This node is closing')
    const { prefer } = request.headers
    if (prefer !== undefined && prefersLater(prefer)) return answerLater(connector, peer, body, request, reply)
    const send = (answer: Buffer) => {
      // A connection that was busy when the door began to close would be kept alive, and hold the door open.
      if (state.isClosing) reply.header('connection', 'close')
      reply.type(OCTETS).send(answer)
    }
    connector
      .handle(body, peerAccount(peer))
      .then(send)
      .catch((error: unknown) => (error instanceof Unanswered ? refuse(reply, 504, UNANSWERED) : reply.send(error)))
    return undefined
  })
}

/** Without a length HTTP/1.1 means no body at all, though its sender may have meant one. */
function refuseEmpty({ headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
  const isUnsaid = headers['content-length'] === undefined && headers['transfer-encoding'] === undefined
  if (isUnsaid) return refuse(reply, 411, 'Expected a Content-Length, or a body in chunks')
  return refuse(reply, 400, 'The body is empty: expected an ILP packet')
}

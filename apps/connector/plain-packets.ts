import type { IncomingMessage, ServerResponse } from 'node:http'
import { Burst, CALLBACK_PATH, type ConnectorService, peerAccount, Unanswered } from '@kivuko/connector'
import type { Peer, PeersService } from '@kivuko/peering'
import type { Logger } from '@kivuko/platform'
import { OCTETS } from './admit-peer.js'

export interface PlainPacketsParts {
  readonly connector: Pick<ConnectorService, 'handle'>
  readonly peers: Pick<PeersService, 'byToken'>
  readonly logger: Logger
  readonly maxBytes: number
  readonly state: { readonly isClosing: boolean }
}

// As it is written by every client; other spellings take the longer way.
const BEARER = 'Bearer '
const LENGTH = /^[1-9]\d{0,8}$/

// A status that says of the packet that its answer was lost: it may have been taken.
export const UNANSWERED = 'It is not known yet whether the packet was taken: send the same bytes again until it expires'

/**
 * Takes what nearly all requests are, a packet of a known peer that waits for its reply, from Node's server as it stands.
 * False, with nothing done, for all others: Fastify's routes answer them, every refusal among them.
 */
export function takePlainPackets({ connector, peers, logger, maxBytes, state }: PlainPacketsParts) {
  const burst = new Burst()
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const { headers } = request
    const isPlain =
      request.method === 'POST' &&
      headers['content-type'] === OCTETS &&
      headers.prefer === undefined &&
      isPacketPath(request.url) &&
      !state.isClosing
    const length = isPlain ? lengthFrom(headers['content-length']) : 0
    if (length === 0 || length > maxBytes) return false
    const peer = peerFrom(headers.authorization, peers)
    if (peer === undefined) return false
    collect(request, (body) => answer(body, peer, response))
    return true
  }

  function answer(body: Buffer, peer: Peer, response: ServerResponse): void {
    connector
      .handle(body, peerAccount(peer))
      .then((reply) => burst.add(() => send(response, 200, OCTETS, reply.toString('latin1'))))
      .catch((error: unknown) => {
        if (error instanceof Unanswered) return send(response, 504, TEXT, UNANSWERED)
        logger.error({ err: error, peer: peer.id }, 'a packet request failed')
        send(response, 500, TEXT, 'Internal Server Error')
      })
  }

  /** As text, octet for octet: Node then writes head and body at once. */
  function send(response: ServerResponse, statusCode: number, type: string, body: string): void {
    const fields = { 'content-type': type, 'content-length': body.length }
    // A connection that was busy when the door began to close would be kept alive, and hold the door open.
    response.writeHead(statusCode, state.isClosing ? { ...fields, connection: 'close' } : fields)
    response.end(body, 'latin1')
  }
}

const TEXT = 'text/plain; charset=utf-8'

/** Every path but that of the callback; one with escaped characters is for Fastify to read. */
function isPacketPath(url = ''): boolean {
  return url.startsWith('/') && !url.startsWith(CALLBACK_PATH) && !url.includes('%')
}

/** 0 for what is no length, and for none. */
function lengthFrom(header: string | undefined): number {
  return header !== undefined && LENGTH.test(header) ? Number.parseInt(header, 10) : 0
}

function peerFrom(authorization: string | undefined, peers: Pick<PeersService, 'byToken'>): Peer | undefined {
  return authorization?.startsWith(BEARER) ? peers.byToken(authorization.slice(BEARER.length)) : undefined
}

/** Of a sender that goes away midway nothing is heard any more. */
function collect(request: IncomingMessage, done: (body: Buffer) => void): void {
  let body: Buffer | undefined
  request.on('data', (octets: Buffer) => {
    body = body === undefined ? octets : Buffer.concat([body, octets])
  })
  request.on('end', () => {
    if (body !== undefined) done(body)
  })
}

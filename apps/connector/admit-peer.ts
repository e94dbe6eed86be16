import type { Peer, PeersService } from '@kivuko/peering'
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import { refuse } from './refusals.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose token the request carries. */
    peer: Peer | undefined
  }
}

export const OCTETS = 'application/octet-stream'

const BEARER = /^bearer +(\S+)$/i

/**
 * Before the body is read: whoever is no peer, or sends what is no packet, costs us no more than the headers. With a
 * callback, because a promise for each packet costs as much as the check itself; only what may be a JWT takes one.
 */
export function admitPeer(peers: Pick<PeersService, 'byToken' | 'mayBeJwt' | 'byJwt'>) {
  return (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void => {
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1]
    if (token === undefined) {
      refuse(reply.header('www-authenticate', 'Bearer'), 401, 'Bearer token required in Authorization header')
      return
    }
    request.peer = peers.byToken(token)
    if (request.peer || !peers.mayBeJwt(token)) {
      admit(request, reply, done)
      return
    }
    peers.byJwt(token).then((peer) => {
      request.peer = peer
      admit(request, reply, done)
    }, done)
  }
}

function admit(request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const type = request.headers['content-type']
  if (!request.peer) {
    const challenge = 'Bearer error="invalid_token"'
    refuse(reply.header('www-authenticate', challenge), 401, 'Access Denied - Invalid Token')
  } else if (type !== OCTETS && mediaType(type) !== OCTETS) {
    const found = type === undefined ? 'none' : `"${type}"`
    refuse(reply, 415, `Expected Content-Type of ${OCTETS}, found ${found}`)
  } else done()
}

function mediaType(header: string | undefined): string | undefined {
  return header?.split(';', 1)[0]?.trim().toLowerCase()
}

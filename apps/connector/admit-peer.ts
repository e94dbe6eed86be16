import type { Peer, PeersService } from '@kivuko/peering'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { refuse } from './refusals.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose token the request carries. */
    peer: Peer | undefined
  }
}

export const OCTETS = 'application/octet-stream'

const BEARER = /^bearer +(\S+)$/i

/** Before the body is read: whoever is no peer, or sends what is no packet, costs us no more than the headers. */
export function admitPeer(peers: Pick<PeersService, 'byToken'>) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1]
    if (token === undefined) {
      return refuse(reply.header('www-authenticate', 'Bearer'), 401, 'Bearer token required in Authorization header')
    }
    request.peer = peers.byToken(token)
    if (!request.peer) {
      return refuse(
        reply.header('www-authenticate', 'Bearer error="invalid_token"'),
        401,
        'Access Denied - Invalid Token',
      )
    }
    const type = request.headers['content-type']
    if (mediaType(type) !== OCTETS) {
      return refuse(
        reply,
        415,
        `Expected Content-Type of ${OCTETS}, found ${type === undefined ? 'none' : `"${type}"`}`,
      )
    }
    return undefined
  }
}

function mediaType(header: string | undefined): string | undefined {
  return header?.split(';', 1)[0]?.trim().toLowerCase()
}

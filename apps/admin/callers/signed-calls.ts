import { DomainError } from '@kivuko/platform'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Authentication, Claim } from './authenticate.js'
import type { Caller } from './caller.js'
import type { SignedBody } from './signature.js'

/** What answers a refused call: the door's own error language. */
export type Refuse = (error: unknown, reply: FastifyReply) => FastifyReply

const PUBLIC_PATHS: ReadonlySet<string> = new Set(['/healthz', '/livez', '/readyz'])

/**
 * Denies by default: nothing but the public paths is answered without a valid signature, known route or not. The callers of
 * accepted requests are kept beside the requests, where the GraphQL context finds them.
 */
export class SignedCalls {
  private readonly claims = new WeakMap<FastifyRequest, Claim>()
  private readonly callers = new WeakMap<FastifyRequest, Caller>()

  constructor(
    private readonly authentication: Authentication,
    private readonly refuse: Refuse,
  ) {}

  guard(server: FastifyInstance): void {
    server.addHook('onRequest', async (request, reply) => {
      if (isPublic(request)) return
      try {
        this.claims.set(request, this.claim(request))
      } catch (error) {
        return this.refuse(error, reply)
      }
    })
    server.addHook('preValidation', async (request, reply) => {
      if (isPublic(request)) return
      try {
        this.callers.set(request, await this.verify(request))
      } catch (error) {
        return this.refuse(error, reply)
      }
    })
  }

  callerOf(request: FastifyRequest): Caller {
    const caller = this.callers.get(request)
    if (caller === undefined) throw new DomainError('unauthenticated', 'Unauthorized', 'Unauthorized')
    return caller
  }

  private claim({ method, headers }: FastifyRequest): Claim {
    if (method === 'POST') return this.authentication.claim(headers)
    throw new DomainError('unauthenticated', 'Unauthorized', 'Unauthorized: only the body of a POST can be signed')
  }

  private verify(request: FastifyRequest): Promise<Caller> {
    const claim = this.claims.get(request)
    if (claim === undefined) throw new DomainError('unauthenticated', 'Unauthorized', 'Unauthorized')
    return this.authentication.verify(claim, signedBody(request.body))
  }
}

function isPublic(request: FastifyRequest): boolean {
  return PUBLIC_PATHS.has(request.routeOptions.url ?? '')
}

function signedBody(body: unknown): SignedBody {
  return typeof body === 'object' && body !== null ? body : {}
}

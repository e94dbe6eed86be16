import { setImmediate as nextTurn } from 'node:timers/promises'
import { DomainError } from '@kivuko/platform'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Authentication, type Claim, replayed } from './authenticate.js'
import type { Caller } from './caller.js'
import { CallsUnderWay, type SentAnswer } from './calls-under-way.js'
import type { SignedBody } from './signature.js'

/** What answers a refused call: the door's own error language. */
export type Refuse = (error: unknown, reply: FastifyReply) => FastifyReply

/** Which signatures were used, in whatever process. */
export interface SignatureMemory {
  /** True for the first who claims it. */
  claim(digest: string, forgetAtMs: number): Promise<boolean>
}

const PUBLIC_PATHS: ReadonlySet<string> = new Set(['/healthz', '/livez', '/readyz'])

/**
 * Denies by default: nothing but the public paths is answered without a valid signature, known route or not. The callers of
 * accepted requests are kept beside the requests, where the GraphQL context finds them.
 */
export class SignedCalls {
  private readonly claims = new WeakMap<FastifyRequest, Claim>()
  private readonly callers = new WeakMap<FastifyRequest, Caller>()
  private readonly underWay = new CallsUnderWay()

  constructor(
    private readonly authentication: Authentication,
    private readonly used: SignatureMemory,
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
        const answer = await this.admit(request)
        if (answer !== undefined) return reply.code(answer.statusCode).type(answer.contentType).send(answer.payload)
      } catch (error) {
        return this.refuse(error, reply)
      }
    })
    server.addHook('onSend', async (request, reply, payload) => {
      if (!this.callers.has(request)) return
      await readWhatHasArrived()
      this.underWay.end(request, reply, payload)
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

  /** Lets a call in once for its signature. Answers what its twin is answered, when that one is under way. */
  private async admit(request: FastifyRequest): Promise<SentAnswer | undefined> {
    const claim = this.claims.get(request)
    if (claim === undefined) throw new DomainError('unauthenticated', 'Unauthorized', 'Unauthorized')
    const caller = await this.authentication.verify(claim, signedBody(request.body))
    const { tenantId, signature } = claim
    const twin = this.underWay.find(signature.digest)
    if (twin !== undefined) {
      if (twin.tenantId !== tenantId) throw replayed()
      return twin.answer
    }
    this.underWay.begin(request, signature.digest, tenantId)
    await this.useUp(request, claim)
    this.callers.set(request, caller)
    return undefined
  }

  private async useUp(request: FastifyRequest, claim: Claim): Promise<void> {
    try {
      const isFirst = await this.used.claim(claim.signature.digest, this.authentication.staleAtMs(claim))
      if (!isFirst) throw replayed()
    } catch (error) {
      this.underWay.refuse(request, error)
      throw error
    }
  }
}

// To accept a connection, to read its headers, to read its body, and one more.
const TURNS = 4

/** An equal call that was sent with this one may be waiting unread in its socket: it is no replay for that. */
async function readWhatHasArrived(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await nextTurn()
}

function isPublic(request: FastifyRequest): boolean {
  return PUBLIC_PATHS.has(request.routeOptions.url ?? '')
}

function signedBody(body: unknown): SignedBody {
  return typeof body === 'object' && body !== null ? body : {}
}

import type { FastifyReply, FastifyRequest } from 'fastify'

/** An answer as it went out. */
export interface SentAnswer {
  readonly statusCode: number
  readonly contentType: string
  readonly payload: string | Buffer
}

/** What a twin of a call may rely on. */
export interface CallUnderWay {
  /** Whose call it is. Two tenants with one secret sign alike; they are no twins. */
  readonly tenantId: string
  readonly answer: Promise<SentAnswer>
}

interface Waiting extends CallUnderWay {
  readonly end: (answer: SentAnswer) => void
  readonly fail: (error: unknown) => void
}

/**
 * The calls that this process is answering, by their signatures: an equal call that comes meanwhile is no replay but a twin,
 * signed in the same millisecond, and gets the very same answer. Holds no more than the calls that are under way.
 */
export class CallsUnderWay {
  private readonly bySignature = new Map<string, Waiting>()
  private readonly byRequest = new WeakMap<FastifyRequest, string>()

  find(digest: string): CallUnderWay | undefined {
    return this.bySignature.get(digest)
  }

  /** Only after `find` found none, and in the same breath: two that come together must not both be the first. */
  begin(request: FastifyRequest, digest: string, tenantId: string): void {
    const { promise: answer, resolve: end, reject: fail } = withResolvers<SentAnswer>()
    // Mostly nobody waits for it.
    answer.catch(() => undefined)
    this.bySignature.set(digest, { tenantId, answer, end, fail })
    this.byRequest.set(request, digest)
  }

  /** Twins are refused with the call. */
  refuse(request: FastifyRequest, error: unknown): void {
    this.take(request)?.fail(error)
  }

  /** The call is answered: whoever shows its signature from now on has seen it used. */
  end(request: FastifyRequest, reply: FastifyReply, payload: unknown): void {
    const call = this.take(request)
    if (call === undefined) return
    if (typeof payload === 'string' || Buffer.isBuffer(payload)) {
      const contentType = String(reply.getHeader('content-type') ?? 'application/json; charset=utf-8')
      call.end({ statusCode: reply.statusCode, contentType, payload })
    } else call.fail(new Error('the answer of a call was no text that its twin could get'))
  }

  private take(request: FastifyRequest): Waiting | undefined {
    const digest = this.byRequest.get(request)
    if (digest === undefined) return undefined
    this.byRequest.delete(request)
    const call = this.bySignature.get(digest)
    this.bySignature.delete(digest)
    return call
  }
}

function withResolvers<Value>() {
  let resolve: (value: Value) => void = () => undefined
  let reject: (error: unknown) => void = () => undefined
  const promise = new Promise<Value>((fulfilled, rejected) => {
    resolve = fulfilled
    reject = rejected
  })
  return { promise, resolve, reject }
}

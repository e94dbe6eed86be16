import type { Logger } from '@kivuko/platform'
import type { FastifyReply } from 'fastify'
import { describeError } from './describe-error.js'

const statuses: Readonly<Record<string, number>> = { UNAUTHENTICATED: 401, TOO_MANY_REQUESTS: 429, UNAVAILABLE: 503 }

/** Answers a call that is not let in, in GraphQL's shape, before GraphQL is asked. */
export function refuseCall(error: unknown, reply: FastifyReply, log: Logger): FastifyReply {
  const { message, extensions, internal } = describeError(error)
  if (internal) log.error({ err: error }, 'an admin call could not be authenticated')
  return reply.code(statuses[String(extensions.code)] ?? 500).send({ data: null, errors: [{ message, extensions }] })
}

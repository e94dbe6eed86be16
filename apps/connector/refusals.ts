import type { Logger } from '@kivuko/platform'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'

/** A refusal at the level of HTTP. Peers are programs: a status to act upon, and one line for those who read their logs. */
export function refuse(reply: FastifyReply, statusCode: number, message: string): FastifyReply {
  return reply.code(statusCode).type('text/plain; charset=utf-8').send(message)
}

/** What Fastify found wrong with a request is told; what went wrong here is not. */
export function refuseError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  logger: Logger,
): FastifyReply {
  const statusCode = error.statusCode ?? 500
  if (statusCode < 500) return refuse(reply, statusCode, error.message)
  logger.error({ err: error, peer: request.peer?.id }, 'a packet request failed')
  return refuse(reply, 500, 'Internal Server Error')
}

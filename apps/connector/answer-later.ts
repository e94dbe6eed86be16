import type { Acceptance, ConnectorService } from '@kivuko/connector'
import { decodeReply, PacketError, type Reply } from '@kivuko/ilp'
import type { Peer } from '@kivuko/peering'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { refuse } from './refusals.js'

/** RFC 7240: preferences stand in a list, and whatever is not understood is ignored. */
export function prefersLater(prefer: string | readonly string[]): boolean {
  const preferences = prefer.toString().split(',')
  return preferences.some((preference) => preference.split(';', 1)[0]?.trim().toLowerCase() === 'respond-async')
}

/** 202 at once, also for a packet that will be rejected (RFC 35, draft 3); 400 for what is no packet or cannot be answered. */
export function answerLater(
  connector: Pick<ConnectorService, 'handleLater'>,
  peer: Peer,
  bytes: Buffer,
  { headers }: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const requestId = headers['request-id']?.toString() ?? ''
  const callbackUrl = headers['callback-url']?.toString()
  const acceptance = connector.handleLater({ peer, requestId, callbackUrl, bytes })
  if (acceptance.kind !== 'accepted') return refuse(reply, statusOf[acceptance.kind], acceptance.message)
  return reply.code(202).header('preference-applied', 'respond-async').send()
}

/** The reply to a packet of ours. 400, and no further effect, for one that nobody awaits (any more). */
export function takeReply(
  connector: Pick<ConnectorService, 'takeReply'>,
  peer: Peer,
  bytes: Buffer,
  { headers }: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const packet = replyFrom(bytes)
  if (typeof packet === 'string') return refuse(reply, 400, packet)
  const isAwaited = connector.takeReply(headers['request-id']?.toString() ?? '', peer.id, packet)
  return isAwaited ? reply.code(200).send() : refuse(reply, 400, 'No reply is awaited under this Request-Id')
}

const statusOf = { invalid: 400, busy: 503 } as const satisfies Record<Exclude<Acceptance['kind'], 'accepted'>, number>

/** What is wrong with it, in words, when it is no reply. */
function replyFrom(bytes: Buffer): Reply | string {
  try {
    return decodeReply(bytes)
  } catch (error) {
    if (error instanceof PacketError) return error.message
    throw error
  }
}

import type { Acceptance, ConnectorService } from '@kivuko/connector'
import { decodeReply, PacketError } from '@kivuko/ilp'
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
export async function takeReply(
  connector: Pick<ConnectorService, 'takeReply'>,
  peer: Peer,
  bytes: Buffer,
  { headers, url }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const wrong = whatIsWrongWith(bytes)
  if (wrong !== undefined) return refuse(reply, 400, wrong)
  const process = new URL(url, 'http://callback.invalid').searchParams.get('process') ?? undefined
  const requestId = headers['request-id']?.toString() ?? ''
  const taking = await connector.takeReply({ requestId, peerId: peer.id, bytes, process })
  switch (taking) {
    case 'taken':
      return reply.code(200).send()
    case 'not-awaited':
      return refuse(reply, 400, 'No reply is awaited under this Request-Id')
    case 'unheard':
      return refuse(reply, 503, 'The process that awaits this reply does not answer, try again')
    default:
      throw taking satisfies never
  }
}

const statusOf = { invalid: 400, busy: 503 } as const satisfies Record<Exclude<Acceptance['kind'], 'accepted'>, number>

/** Undefined for a fulfill or a reject. */
function whatIsWrongWith(bytes: Buffer): string | undefined {
  try {
    decodeReply(bytes)
    return undefined
  } catch (error) {
    if (error instanceof PacketError) return error.message
    throw error
  }
}

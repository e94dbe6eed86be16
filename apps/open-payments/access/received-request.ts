import type { ReceivedRequest } from '@kivuko/grants'
import type { Config } from '@kivuko/platform'
import type { RawBodyRequest } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'

/** The settings that say by which URLs this node may have been called. */
export type PublicUrl = Pick<Config, 'openPaymentsUrl' | 'openPaymentsAllowLocalClients'>

/** A parsed request as it came in, which is what its client signed. */
export function receivedRequest(request: RawBodyRequest<FastifyRequest>, config: PublicUrl): ReceivedRequest {
  const { method, raw, rawBody = Buffer.alloc(0) } = request
  return { method, targetUris: targetUris(request, config), rawHeaders: raw.rawHeaders, body: rawBody }
}

/**
 * The public URL alone: the Host header is whatever its sender wants, and a request that was signed for another server
 * would be good here too. A node that its developer calls by several names believes it.
 */
function targetUris({ raw, protocol, host }: FastifyRequest, config: PublicUrl): string[] {
  const path = raw.url ?? '/'
  const published = `${config.openPaymentsUrl}${path}`
  return config.openPaymentsAllowLocalClients ? [published, `${protocol}://${host}${path}`] : [published]
}

import { conditionOf, decodeReply, encodePrepare } from '@kivuko/ilp'
import { request } from 'undici'
import type { TestNode } from './node.js'

/** Sends a packet for test.bob as the peer whose token this is; answers the code of its reject. The amount makes it its own. */
export async function codeOfPacket({ connectorUrl }: TestNode, token: string, amount: bigint): Promise<string> {
  const body = encodePrepare({
    amount,
    expiresAt: new Date(Date.parse('2099-01-01T00:00:00Z')),
    executionCondition: conditionOf(Buffer.alloc(32)),
    destination: 'test.bob.anyone',
    data: Buffer.from(`${amount}`),
  })
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' }
  const response = await request(connectorUrl, { method: 'POST', headers, body })
  const reply = decodeReply(Buffer.from(await response.body.arrayBuffer()))
  return reply.type === 'reject' ? reply.code : 'fulfilled'
}

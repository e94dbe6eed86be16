import { peerAccount } from '@kivuko/connector'
import { conditionOf, decodeReply, encodePrepare, encodeReply, fulfill, type Prepare, type Reply } from '@kivuko/ilp'
import type { Peer } from '@kivuko/peering'
import { FUNDS, type MemoryNode } from './memory-node.js'

/** Fulfills every packet of `prepareAt`, and the reply that does so. */
export const FULFILLMENT = Buffer.alloc(32, 5)
export const FULFILL = encodeReply(fulfill(FULFILLMENT, Buffer.from('thanks')))

let packets = 0

/** A packet of 100 for an account of test.bob, which expires in ten seconds; no two are alike. */
export function prepareAt({ clock }: Pick<MemoryNode, 'clock'>, change: Partial<Prepare> = {}): Buffer {
  packets += 1
  return encodePrepare({
    amount: 100n,
    expiresAt: new Date(clock.nowMs() + 10_000),
    executionCondition: conditionOf(FULFILLMENT),
    destination: 'test.bob.account',
    data: Buffer.from(`packet ${packets}`),
    ...change,
  })
}

/** Past the door, straight into the connector. */
export async function sendFrom(node: MemoryNode, source: Peer, change: Partial<Prepare> = {}): Promise<Reply> {
  return decodeReply(await node.connector.handle(prepareAt(node, change), peerAccount(source)))
}

/** Since its account was opened. */
export async function gainedBy(node: MemoryNode, peer: Peer): Promise<bigint> {
  return (await node.held(peerAccount(peer).accountId)) - FUNDS
}

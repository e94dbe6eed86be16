import { type Customer, openAsset, openCustomer, PEER_LIQUIDITY } from './network.js'
import { type NodeOptions, startNode, type TestNode } from './node.js'
import { StreamBank } from './stream-bank.js'

/** A node with a customer, peered with a bank of the tests that can go down and lose what it is sent. */
export interface NodeWithBank {
  readonly node: TestNode
  readonly alice: Customer
  readonly bank: StreamBank
  close(): Promise<void>
}

export async function startWithBank(options: NodeOptions): Promise<NodeWithBank> {
  const node = await startNode(options)
  const alice = await openCustomer(node, 'alice', await openAsset(node, 'USD', 2))
  const bank = await StreamBank.start({
    ilpAddress: 'test.bank',
    asset: alice.asset,
    token: 'bank',
    probeAnswer: 'F05',
  })
  const peerId = await node.admin.createPeer({
    assetId: alice.asset.id,
    staticIlpAddress: 'test.bank',
    name: 'bank',
    endpoint: bank.endpoint,
    outgoingToken: 'bank',
    incomingToken: 'bank-to-us',
  })
  await node.admin.depositPeerLiquidity(peerId, PEER_LIQUIDITY)
  const close = async () => {
    await bank.close()
    await node.stop()
  }
  return { node, alice, bank, close }
}

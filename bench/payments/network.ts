import { randomUUID } from 'node:crypto'
import type { BenchNode } from './node.js'
import type { Path } from './plan.js'

// More than any run moves.
const FUNDS = '1000000000000000'
const ASSET = { code: 'USD', scale: 2 }

/** What is sent by each payment, in minor units. */
export const AMOUNT = { value: '1000', assetCode: ASSET.code, assetScale: ASSET.scale }

/** One sender at node a, a receiver at each node, and the two nodes as peers. */
export interface Network {
  readonly sender: { readonly node: BenchNode; readonly walletAddressId: string }
  readonly receivers: Readonly<Record<Path, string>>
}

export async function openNetwork(a: BenchNode, b: BenchNode): Promise<Network> {
  const [assetA, assetB] = [await openAsset(a), await openAsset(b)]
  await peerWith(a, b, assetA)
  await peerWith(b, a, assetB)
  const { id: walletAddressId } = await openWallet(a, 'sender', assetA)
  const { url: local } = await openWallet(a, 'receiver', assetA)
  const { url: ilp } = await openWallet(b, 'receiver', assetB)
  return { sender: { node: a, walletAddressId }, receivers: { local, ilp } }
}

async function openAsset({ admin }: BenchNode): Promise<string> {
  const assetId = await admin.create('createAsset.asset', 'CreateAssetInput', ASSET)
  const deposit = { assetId, amount: FUNDS, id: randomUUID() }
  await admin.act('depositAssetLiquidity', 'DepositAssetLiquidityInput', deposit)
  return assetId
}

async function peerWith(node: BenchNode, other: BenchNode, assetId: string): Promise<void> {
  const { admin } = node
  const peerId = await admin.create('createPeer.peer', 'CreatePeerInput', {
    assetId,
    staticIlpAddress: other.ilpAddress,
    name: other.name,
    http: {
      outgoing: { endpoint: other.connectorUrl, authToken: `${node.name}-to-${other.name}` },
      incoming: { authTokens: [`${other.name}-to-${node.name}`] },
    },
  })
  await admin.act('depositPeerLiquidity', 'DepositPeerLiquidityInput', { peerId, amount: FUNDS, id: randomUUID() })
}

async function openWallet(node: BenchNode, name: string, assetId: string): Promise<{ id: string; url: string }> {
  const url = `${node.openPaymentsUrl}/${name}`
  const input = { address: url, assetId, publicName: name }
  return { id: await node.admin.create('createWalletAddress.walletAddress', 'CreateWalletAddressInput', input), url }
}

import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { AdminClient } from './admin-client.js'
import { idShape, successShape } from './shapes.js'

export interface NewPeer {
  readonly assetId: string
  readonly staticIlpAddress: string
  readonly name: string
  readonly endpoint: string
  readonly outgoingToken: string
  readonly incomingToken: string
  readonly maxPacketAmount: bigint
}

/** What an operator does in its first hour: assets, liquidity, peers, wallet addresses. */
export class Operator {
  constructor(private readonly admin: AdminClient) {}

  async createAsset(code: string, scale: number): Promise<string> {
    const query = 'mutation ($input: CreateAssetInput!) { createAsset(input: $input) { asset { id } } }'
    const shape = z.object({ createAsset: z.object({ asset: idShape }) })
    const { createAsset } = await this.admin.request(query, { input: { code, scale } }, shape)
    return createAsset.asset.id
  }

  async depositAssetLiquidity(assetId: string, value: bigint): Promise<void> {
    const query = 'mutation ($input: DepositAssetLiquidityInput!) { depositAssetLiquidity(input: $input) { success } }'
    const input = { assetId, amount: value.toString(), id: randomUUID(), idempotencyKey: randomUUID() }
    await this.admin.request(query, { input }, z.object({ depositAssetLiquidity: successShape }))
  }

  async createPeer(peer: NewPeer): Promise<string> {
    const { endpoint, outgoingToken, incomingToken, maxPacketAmount, ...rest } = peer
    const query = 'mutation ($input: CreatePeerInput!) { createPeer(input: $input) { peer { id } } }'
    const http = { outgoing: { endpoint, authToken: outgoingToken }, incoming: { authTokens: [incomingToken] } }
    const input = { ...rest, http, maxPacketAmount: maxPacketAmount.toString() }
    const { createPeer } = await this.admin.request(
      query,
      { input },
      z.object({ createPeer: z.object({ peer: idShape }) }),
    )
    return createPeer.peer.id
  }

  async depositPeerLiquidity(peerId: string, value: bigint): Promise<void> {
    const query = 'mutation ($input: DepositPeerLiquidityInput!) { depositPeerLiquidity(input: $input) { success } }'
    const input = { peerId, amount: value.toString(), id: randomUUID(), idempotencyKey: randomUUID() }
    await this.admin.request(query, { input }, z.object({ depositPeerLiquidity: successShape }))
  }

  async createWalletAddress(address: string, assetId: string, publicName: string): Promise<string> {
    const query =
      'mutation ($input: CreateWalletAddressInput!) { createWalletAddress(input: $input) { walletAddress { id } } }'
    const input = { address, assetId, publicName }
    const shape = z.object({ createWalletAddress: z.object({ walletAddress: idShape }) })
    const { createWalletAddress } = await this.admin.request(query, { input }, shape)
    return createWalletAddress.walletAddress.id
  }
}

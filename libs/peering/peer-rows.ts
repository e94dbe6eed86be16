import type { Asset, AssetsService } from '@kivuko/assets'
import { undecryptableToken } from './errors.js'
import { decryptToken, encryptToken } from './outgoing-token.js'
import type { PeerRow } from './peer.entity.js'
import type { NewPeer, Peer, PeerChange } from './peer.js'

/** The columns that callers set. */
export type PeerValues = Omit<PeerRow, 'createdAt' | 'updatedAt' | 'deletedAt'>

/** Between rows and peers: the asset joined from memory, the outgoing token encrypted and decrypted. */
export class PeerRows {
  constructor(
    private readonly assets: AssetsService,
    private readonly encryptionKey: Buffer,
  ) {}

  async toPeer(row: PeerRow): Promise<Peer> {
    const outgoingToken = this.decrypt(row)
    const asset = await this.assets.get(undefined, row.assetId)
    const assets = this.assets
    return Object.freeze({
      ...plainColumns(row),
      outgoingToken,
      // An asset's thresholds change; a peer held for long shows them as they are.
      get asset(): Asset {
        return assets.find(row.assetId) ?? asset
      },
    })
  }

  /** A new peer's columns; the peer belongs to its asset's tenant. */
  ofNew(peer: NewPeer, id: string, tenantId: string): PeerValues {
    return {
      id,
      tenantId,
      assetId: peer.assetId,
      name: peer.name ?? null,
      staticIlpAddress: peer.staticIlpAddress,
      routes: [...(peer.routes ?? [])],
      maxPacketAmount: peer.maxPacketAmount ?? null,
      liquidityThreshold: peer.liquidityThreshold ?? null,
      packetsPerMinute: peer.limits?.packetsPerMinute ?? null,
      incomingAmountPerSecond: peer.limits?.incomingAmountPerSecond ?? null,
      outgoingAmountPerSecond: peer.limits?.outgoingAmountPerSecond ?? null,
      outgoingEndpoint: peer.http.outgoing.endpoint,
      outgoingToken: encryptToken(peer.http.outgoing.authToken, this.encryptionKey, id),
      pendingDeposit: peer.initialLiquidity || null,
    }
  }

  /** What a change sets; columns it leaves alone are undefined. */
  ofChange(change: PeerChange, id: string): Partial<PeerValues> {
    const { limits, http } = change
    return {
      name: change.name,
      staticIlpAddress: change.staticIlpAddress ?? undefined,
      routes: change.routes ? [...change.routes] : undefined,
      maxPacketAmount: change.maxPacketAmount,
      liquidityThreshold: change.liquidityThreshold,
      packetsPerMinute: limits?.packetsPerMinute,
      incomingAmountPerSecond: limits?.incomingAmountPerSecond,
      outgoingAmountPerSecond: limits?.outgoingAmountPerSecond,
      outgoingEndpoint: http?.outgoing.endpoint,
      outgoingToken: http ? encryptToken(http.outgoing.authToken, this.encryptionKey, id) : undefined,
    }
  }

  private decrypt({ id, outgoingToken }: PeerRow): string {
    try {
      return decryptToken(outgoingToken, this.encryptionKey, id)
    } catch (error) {
      throw undecryptableToken(id, error)
    }
  }
}

function plainColumns(row: PeerRow): Omit<Peer, 'asset' | 'outgoingToken'> {
  const { packetsPerMinute, incomingAmountPerSecond, outgoingAmountPerSecond } = row
  return {
    id: row.id,
    tenantId: row.tenantId,
    assetId: row.assetId,
    name: row.name,
    staticIlpAddress: row.staticIlpAddress,
    routes: Object.freeze([...row.routes]),
    maxPacketAmount: row.maxPacketAmount,
    liquidityThreshold: row.liquidityThreshold,
    limits: Object.freeze({ packetsPerMinute, incomingAmountPerSecond, outgoingAmountPerSecond }),
    outgoingEndpoint: row.outgoingEndpoint,
    createdAt: row.createdAt,
  }
}

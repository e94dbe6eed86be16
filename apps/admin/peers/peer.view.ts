import type { Peer } from '@kivuko/peering'
import { assetView } from '../assets/asset.view.js'

/** The fields of GraphQL's Peer that have no resolver of their own, and its tenant. */
export function peerView(peer: Peer) {
  return {
    id: peer.id,
    tenantId: peer.tenantId,
    maxPacketAmount: peer.maxPacketAmount,
    http: { outgoing: { authToken: peer.outgoingToken, endpoint: peer.outgoingEndpoint } },
    asset: assetView(peer.asset),
    staticIlpAddress: peer.staticIlpAddress,
    name: peer.name,
    liquidityThreshold: peer.liquidityThreshold,
    limits: peer.limits,
    createdAt: peer.createdAt.toISOString(),
    routes: peer.routes,
  }
}

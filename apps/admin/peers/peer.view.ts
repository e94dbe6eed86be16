import type { Peer } from '@kivuko/peering'
import { assetView } from '../assets/asset.view.js'

/** The fields of GraphQL's Peer that have no resolver of their own, and its tenant. */
export function peerView(peer: Peer) {
  return {
    id: peer.id,
    tenantId: peer.tenantId,
    maxPacketAmount: peer.maxPacketAmount,
    http: { outgoing: outgoingView(peer), incoming: incomingView(peer) },
    asset: assetView(peer.asset),
    staticIlpAddress: peer.staticIlpAddress,
    name: peer.name,
    liquidityThreshold: peer.liquidityThreshold,
    limits: peer.limits,
    balanceLimits: peer.balanceLimits ?? {},
    reflectPayments: peer.reflectPayments ?? false,
    createdAt: peer.createdAt.toISOString(),
    routes: peer.routes,
  }
}

function outgoingView({ outgoingToken, outgoingEndpoint, chargesRepeatsOnce, outgoingOptions: options }: Peer) {
  return {
    authToken: outgoingToken,
    endpoint: outgoingEndpoint,
    jwtSubject: options?.jwtSubject,
    mode: options?.mode === 'asynchronous' ? 'ASYNCHRONOUS' : 'SYNCHRONOUS',
    furtherEndpoints: options?.furtherEndpoints ?? [],
    endpointsAreOneNode: options?.endpointsAreOneNode ?? false,
    chargesRepeatsOnce,
  }
}

function incomingView({ incomingJwtSubject: jwtSubject, callbackUrl }: Peer) {
  return { jwtSubject, callbackUrl }
}

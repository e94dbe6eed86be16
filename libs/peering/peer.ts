import type { Asset, TenantScope } from '@kivuko/assets'

/** How the two nodes reach each other over HTTP: the tokens we accept, and the one we send to their endpoint. */
export interface PeerHttp {
  readonly incoming?: { readonly authTokens: readonly string[] }
  readonly outgoing: { readonly authToken: string; readonly endpoint: string }
}

/** What a peer may do in a time; null: no limit of that kind. Amounts are in the peer's asset. */
export interface PeerLimits {
  readonly packetsPerMinute: number | null
  readonly incomingAmountPerSecond: bigint | null
  readonly outgoingAmountPerSecond: bigint | null
}

/** A neighbour on the network, with one account here in one asset. */
export interface Peer {
  readonly id: string
  readonly tenantId: string
  readonly assetId: string
  readonly asset: Asset
  readonly name: string | null
  readonly staticIlpAddress: string
  /** Prefixes that lead to this peer besides its own address. */
  readonly routes: readonly string[]
  readonly maxPacketAmount: bigint | null
  readonly liquidityThreshold: bigint | null
  readonly limits: PeerLimits
  readonly outgoingEndpoint: string
  readonly outgoingToken: string
  readonly createdAt: Date
}

/** The peer belongs to its asset's tenant; `tenantId` is who asks. */
export interface NewPeer {
  readonly tenantId: TenantScope
  readonly assetId: string
  readonly staticIlpAddress: string
  readonly http: PeerHttp
  readonly name?: string | null
  readonly routes?: readonly string[] | null
  readonly maxPacketAmount?: bigint | null
  readonly liquidityThreshold?: bigint | null
  readonly limits?: Partial<PeerLimits>
  /** Deposited with the peer's creation, in minor units of its asset. */
  readonly initialLiquidity?: bigint | null
}

/** What is absent stays; null takes a name, a limit or a threshold away. Incoming tokens, when given, replace all. */
export interface PeerChange {
  readonly staticIlpAddress?: string | null
  readonly http?: PeerHttp | null
  readonly name?: string | null
  readonly routes?: readonly string[] | null
  readonly maxPacketAmount?: bigint | null
  readonly liquidityThreshold?: bigint | null
  readonly limits?: Partial<PeerLimits>
}

/** Every prefix that leads to the peer, its own address first. */
export function prefixesOf(peer: Pick<Peer, 'staticIlpAddress' | 'routes'>): string[] {
  return [peer.staticIlpAddress, ...peer.routes]
}

import type { Asset, TenantScope } from '@kivuko/assets'

/** The ways the replies of a peer come: in the response, or in a request of their own (RFC 35, draft 3). */
export type OutgoingMode = 'synchronous' | 'asynchronous'

/** How a peer shows us who it is. Tokens and secrets replace all earlier ones of their kind; what is absent stays. */
export interface IncomingHttp {
  readonly authTokens?: readonly string[] | null
  /** The given tokens join the earlier ones: to replace one without a gap, add the new one and later give it alone. */
  readonly keepEarlierTokens?: boolean | null
  /** JWT_HS_256: the subject its tokens carry, and the secrets (base64) any of which may have signed them. */
  readonly jwt?: { readonly subject: string; readonly secrets: readonly string[] } | null
  /** Where it takes our replies, when not at the host of its endpoint. */
  readonly callbackUrl?: string | null
}

/** How we reach a peer. */
export interface OutgoingHttp {
  readonly authToken: string
  readonly endpoint: string
  /** JWT_HS_256: `authToken` is the secret (base64) that tokens of this subject are signed with, and never sent. */
  readonly jwtSubject?: string | null
  readonly mode?: OutgoingMode | null
  /** Tried in this order when those before fail. */
  readonly furtherEndpoints?: readonly string[] | null
  /** Whether all endpoints lead to one node, which recognizes a packet that it got at another one. */
  readonly endpointsAreOneNode?: boolean | null
  /** Whether it charges the same packet once, however often it comes; null: as its responses say. */
  readonly chargesRepeatsOnce?: boolean | null
}

/** How the two nodes reach each other over HTTP. */
export interface PeerHttp {
  readonly incoming?: IncomingHttp
  readonly outgoing: OutgoingHttp
}

/** What makes the way to a peer more than one endpoint, one token and a reply in the response. */
export interface OutgoingOptions {
  readonly mode: OutgoingMode
  readonly jwtSubject: string | null
  readonly furtherEndpoints: readonly string[]
  readonly endpointsAreOneNode: boolean
}

/**
 * Between which bounds the ledger holds a peer's balance; null: without that one. A credit line lets it fall below zero,
 * a minimum keeps it above: a peer has one of the two.
 */
export interface BalanceLimits {
  readonly creditLine: bigint | null
  readonly minimum: bigint | null
  readonly maximum: bigint | null
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
  /** The operator's word; null: as its responses say. */
  readonly chargesRepeatsOnce?: boolean | null
  /** Undefined for a peer reached in the plain way. */
  readonly outgoingOptions?: OutgoingOptions
  readonly callbackUrl?: string | null
  readonly incomingJwtSubject?: string | null
  /** Whether a packet may go back to the peer it came from. */
  readonly reflectPayments?: boolean
  /** Whether it belongs to a tenant who may not reach into this node's network: its endpoints are public ones only. */
  readonly isConfined?: boolean
  /** Undefined for one without any. */
  readonly balanceLimits?: BalanceLimits
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
  readonly reflectPayments?: boolean | null
  readonly balanceLimits?: Partial<BalanceLimits>
  /** Deposited with the peer's creation, in minor units of its asset. */
  readonly initialLiquidity?: bigint | null
}

/** What is absent stays; null takes a name, a limit or a threshold away. */
export interface PeerChange {
  readonly staticIlpAddress?: string | null
  readonly http?: PeerHttp | null
  readonly name?: string | null
  readonly routes?: readonly string[] | null
  readonly maxPacketAmount?: bigint | null
  readonly liquidityThreshold?: bigint | null
  readonly limits?: Partial<PeerLimits>
  readonly reflectPayments?: boolean | null
  readonly balanceLimits?: Partial<BalanceLimits>
}

/** Every prefix that leads to the peer, its own address first. */
export function prefixesOf(peer: Pick<Peer, 'staticIlpAddress' | 'routes'>): string[] {
  return [peer.staticIlpAddress, ...peer.routes]
}

import type { Asset, AssetsService } from '@kivuko/assets'
import { openSealedBytes, sealBytes } from '@kivuko/tenants'
import { balanceLimitsOf, changedLine, lineOf } from './balance-limits.js'
import { undecryptableToken } from './errors.js'
import type { IncomingJwt } from './incoming-jwts.js'
import type { PeerRow } from './peer.entity.js'
import type { NewPeer, OutgoingOptions, Peer, PeerChange, PeerHttp } from './peer.js'

/** The columns that callers set. */
export type PeerValues = Omit<PeerRow, 'createdAt' | 'updatedAt' | 'deletedAt'>

// No part of base64.
const BETWEEN_SECRETS = ' '

/** Between rows and peers: the asset joined from memory, the outgoing token encrypted and decrypted. */
export class PeerRows {
  constructor(
    private readonly assets: AssetsService,
    private readonly encryptionKey: Buffer,
    /** Whether a tenant's peers are reached on the public internet only. */
    readonly confines: (tenantId: string) => boolean = () => false,
  ) {}

  async toPeer(row: PeerRow): Promise<Peer> {
    const outgoingToken = this.decrypt(row, row.outgoingToken)
    const asset = await this.assets.get(undefined, row.assetId)
    const assets = this.assets
    return Object.freeze({
      ...plainColumns(row),
      outgoingToken,
      isConfined: this.confines(row.tenantId),
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
      outgoingToken: sealBytes(peer.http.outgoing.authToken, this.encryptionKey, id),
      ...this.ofNewHttp(peer.http, id),
      reflectPayments: peer.reflectPayments ?? false,
      creditLine: lineOf(peer.balanceLimits),
      maximumBalance: peer.balanceLimits?.maximum ?? null,
      balanceLimitsRevision: peer.balanceLimits ? 1 : 0,
      pendingDeposit: peer.initialLiquidity || null,
    }
  }

  private ofNewHttp({ incoming, outgoing }: PeerHttp, id: string) {
    return {
      outgoingMode: outgoing.mode ?? 'synchronous',
      outgoingJwtSubject: outgoing.jwtSubject ?? null,
      furtherEndpoints: [...(outgoing.furtherEndpoints ?? [])],
      endpointsAreOneNode: outgoing.endpointsAreOneNode ?? false,
      chargesRepeatsOnce: outgoing.chargesRepeatsOnce ?? null,
      callbackUrl: incoming?.callbackUrl ?? null,
      incomingJwtSubject: incoming?.jwt?.subject ?? null,
      incomingJwtSecrets: incoming?.jwt ? this.encryptSecrets(incoming.jwt.secrets, id) : null,
    }
  }

  /** What a change of the row `before` sets; columns it leaves alone are undefined. */
  ofChange(change: PeerChange, before: PeerRow): Partial<PeerValues> {
    const { limits, http, balanceLimits } = change
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
      outgoingToken: http ? sealBytes(http.outgoing.authToken, this.encryptionKey, before.id) : undefined,
      ...(http && this.ofChangedHttp(http, before.id)),
      reflectPayments: change.reflectPayments ?? undefined,
      ...(balanceLimits && {
        creditLine: changedLine(before.creditLine, balanceLimits),
        maximumBalance: balanceLimits.maximum,
        balanceLimitsRevision: before.balanceLimitsRevision + 1,
      }),
    }
  }

  /** The secrets that a peer's JWTs may be signed with. */
  incomingJwt(row: PeerRow): IncomingJwt | undefined {
    const { incomingJwtSubject: subject, incomingJwtSecrets: secrets } = row
    if (subject === null || secrets === null) return undefined
    return { subject, secrets: this.decrypt(row, secrets).split(BETWEEN_SECRETS) }
  }

  private ofChangedHttp({ incoming, outgoing }: PeerHttp, id: string): Partial<PeerValues> {
    const { jwt } = incoming ?? {}
    return {
      outgoingMode: outgoing.mode ?? undefined,
      outgoingJwtSubject: outgoing.jwtSubject,
      furtherEndpoints: outgoing.furtherEndpoints ? [...outgoing.furtherEndpoints] : undefined,
      endpointsAreOneNode: outgoing.endpointsAreOneNode ?? undefined,
      chargesRepeatsOnce: outgoing.chargesRepeatsOnce,
      callbackUrl: incoming?.callbackUrl,
      incomingJwtSubject: jwt === null ? null : jwt?.subject,
      incomingJwtSecrets: jwt ? this.encryptSecrets(jwt.secrets, id) : jwt,
    }
  }

  private encryptSecrets(secrets: readonly string[], id: string): Buffer {
    return sealBytes(secrets.join(BETWEEN_SECRETS), this.encryptionKey, id)
  }

  private decrypt({ id }: PeerRow, stored: Buffer): string {
    try {
      return openSealedBytes(stored, this.encryptionKey, id)
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
    chargesRepeatsOnce: row.chargesRepeatsOnce,
    outgoingOptions: outgoingOptions(row),
    callbackUrl: row.callbackUrl,
    incomingJwtSubject: row.incomingJwtSubject,
    reflectPayments: row.reflectPayments,
    balanceLimits: balanceLimitsOf(row),
    createdAt: row.createdAt,
  }
}

/** Decided here, once for each change of a peer: the packet path asks only whether there are any. */
function outgoingOptions(row: PeerRow): OutgoingOptions | undefined {
  const { outgoingMode: mode, outgoingJwtSubject: jwtSubject, furtherEndpoints, endpointsAreOneNode } = row
  const isPlain = mode === 'synchronous' && jwtSubject === null && furtherEndpoints.length === 0
  return isPlain ? undefined : Object.freeze({ mode, jwtSubject, furtherEndpoints, endpointsAreOneNode })
}

import type { Peer } from '@kivuko/peering'
import type { Clock } from '@kivuko/platform'
import type { Alert, Alerts } from './alerts.js'
import type { AccountTraffic, ConnectorMetrics } from './connector-metrics.js'
import type { EndpointHealth, LinkedPeer } from './http/peer-transports.js'
import type { LimitBuckets } from './limit-buckets.js'
import type { TokenBuckets } from './token-buckets.js'

/** A limit, and how much of it could be used at once now. Amounts are in minor units of the account's asset. */
export interface LimitFill {
  readonly limit: bigint
  readonly left: bigint
}

/** Undefined: no limit of that kind. */
export interface LimitFills {
  readonly packetsPerMinute: LimitFill | undefined
  readonly incomingAmountPerSecond: LimitFill | undefined
  readonly outgoingAmountPerSecond: LimitFill | undefined
}

/** What this process knows of the packets it has handled since it started: for the operator's eyes. */
export class LiveView {
  constructor(
    private readonly metrics: Pick<ConnectorMetrics, 'trafficOf'>,
    private readonly buckets: LimitBuckets,
    private readonly alerts: Alerts,
    private readonly clock: Clock,
    private readonly linksTo: (peer: LinkedPeer) => EndpointHealth[] = () => [],
  ) {}

  /** Packets and amounts of these accounts, by account id. */
  traffic(accountIds: readonly string[]): ReadonlyMap<string, AccountTraffic> {
    return this.metrics.trafficOf(new Set(accountIds))
  }

  limitsOf({ id, limits }: Pick<Peer, 'id' | 'limits'>): LimitFills {
    const { packetsPerMinute, incomingAmountPerSecond, outgoingAmountPerSecond } = limits
    const packets = packetsPerMinute === null ? null : BigInt(packetsPerMinute)
    return {
      packetsPerMinute: this.fill(this.buckets.packets, id, packets),
      incomingAmountPerSecond: this.fill(this.buckets.incomingAmount, id, incomingAmountPerSecond),
      outgoingAmountPerSecond: this.fill(this.buckets.outgoingAmount, id, outgoingAmountPerSecond),
    }
  }

  /** How each address of the peer that packets were sent to has been doing; none while none were. */
  linksOf(peer: LinkedPeer): EndpointHealth[] {
    return this.linksTo(peer)
  }

  /** The latest first. */
  latestAlerts(tenantId: string | undefined, limit: number): Alert[] {
    return this.alerts.latest(tenantId, limit)
  }

  /** False when there is no such alert for this tenant. */
  dismissAlert(tenantId: string | undefined, id: string): boolean {
    return this.alerts.dismiss(tenantId, id)
  }

  /** Nobody has taken from a bucket that is not there, or that was made for another limit. */
  private fill(buckets: TokenBuckets, accountId: string, limit: bigint | null): LimitFill | undefined {
    if (limit === null) return undefined
    const bucket = buckets.peek(accountId)
    return { limit, left: bucket?.size.capacity === limit ? bucket.left(this.clock.nowMs()) : limit }
  }
}

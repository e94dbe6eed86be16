import { available, type Balance } from '@kivuko/accounting'
import type { AccountTraffic, DirectionTraffic, EndpointHealth, LimitFills, LinkState } from '@kivuko/connector'
import type { Peer } from '@kivuko/peering'
import { assetView } from '../assets/asset.view.js'

export interface AccountSight {
  /** Absent where the ledger does not have the account yet. */
  readonly balance: Balance | undefined
  /** Absent where no packet has come or gone. */
  readonly traffic: AccountTraffic | undefined
  readonly limits: LimitFills
  readonly links: readonly EndpointHealth[]
}

/** GraphQL's ConnectorAccount, and its tenant. */
export function connectorAccountView(peer: Peer, { balance, traffic, limits, links }: AccountSight) {
  return {
    id: peer.id,
    tenantId: peer.tenantId,
    name: peer.name,
    staticIlpAddress: peer.staticIlpAddress,
    asset: assetView(peer.asset),
    balance: balanceView(balance),
    limits: { maxPacketAmount: peer.maxPacketAmount, ...limits },
    incoming: statisticsView(traffic?.incoming),
    outgoing: statisticsView(traffic?.outgoing),
    links: links.map(linkView),
    createdAt: peer.createdAt.toISOString(),
  }
}

const linkStates = { working: 'WORKING', failing: 'FAILING', paused: 'PAUSED' } as const satisfies Record<
  LinkState,
  string
>

function linkView({ endpoint, state, failures, sinceMs, pausedUntilMs, lastFailure }: EndpointHealth) {
  return {
    endpoint,
    state: linkStates[state],
    failures,
    since: asTime(sinceMs),
    pausedUntil: asTime(pausedUntilMs),
    lastFailure: lastFailure?.reason ?? null,
    lastFailureAt: asTime(lastFailure?.atMs),
  }
}

function asTime(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : new Date(timeMs).toISOString()
}

function balanceView(balance: Balance | undefined) {
  if (balance === undefined) return { available: '0', reserved: '0', expected: '0', creditLine: '0', maximum: null }
  return {
    available: available(balance).toString(),
    reserved: balance.debitsPending.toString(),
    expected: balance.creditsPending.toString(),
    creditLine: balance.creditLine.toString(),
    maximum: balance.maximum?.toString() ?? null,
  }
}

function statisticsView(traffic: DirectionTraffic | undefined) {
  const rejections = Array.from(traffic?.rejectedPackets ?? [], ([code, packets]) => ({ code, packets }))
  return {
    fulfilledPackets: traffic?.fulfilledPackets ?? 0,
    fulfilledAmount: (traffic?.fulfilledAmount ?? 0n).toString(),
    rejectedPackets: rejections.reduce((sum, { packets }) => sum + packets, 0),
    rejectedAmount: (traffic?.rejectedAmount ?? 0n).toString(),
    rejections,
  }
}

import type { Alert, AlertKind } from '@kivuko/connector'
import type { LiquidityWatch } from '@kivuko/peering'

type LiquidityLow = Awaited<ReturnType<LiquidityWatch['lows']>>[number]

const kinds = {
  'peer-unreachable': 'PEER_UNREACHABLE',
  'no-liquidity-at-peer': 'NO_LIQUIDITY_AT_PEER',
  unresolved: 'UNRESOLVED',
  'fulfilled-late': 'FULFILLED_LATE',
  unconfirmed: 'UNCONFIRMED',
} as const satisfies Record<AlertKind, string>

/** GraphQL's ConnectorAlert, and its tenant. */
export function connectorAlertView(alert: Alert) {
  return {
    id: alert.id,
    kind: kinds[alert.kind],
    accountId: alert.account?.id ?? null,
    tenantId: alert.account?.tenantId ?? null,
    triggeredBy: alert.triggeredBy === '' ? null : alert.triggeredBy,
    message: alert.message,
    count: alert.count,
    createdAt: new Date(alert.createdAtMs).toISOString(),
    updatedAt: new Date(alert.updatedAtMs).toISOString(),
  }
}

/** Liquidity that is low is one alert until it is back; its id is the account's. */
export function liquidityLowView({ accountId, tenantId, since }: LiquidityLow) {
  const at = since.toISOString()
  return {
    ...{ id: accountId, kind: 'LIQUIDITY_LOW', accountId, tenantId, triggeredBy: null },
    message: 'liquidity is at or below its threshold: deposit more, or lower the threshold',
    ...{ count: 1, createdAt: at, updatedAt: at },
  }
}

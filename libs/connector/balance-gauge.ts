import { available, idFromUuid, type Ledger } from '@kivuko/accounting'
import type { Peer } from '@kivuko/peering'
import type { Metrics } from '@kivuko/platform'

// Each peer is a series; beyond this many a dashboard is of no use, and the admin API pages through all of them.
const MAX_TOLD = 10_000
// Balances of this many accounts come in one reading of the ledger.
const PAGE = 1_000

/**
 * The classic connector's gauge, with its sign: what the peer owes us, so that it rises with the packets it sends. In the
 * ledger the same account holds what is left to the peer. Read when the metrics are asked for, never for a packet.
 */
export function tellBalances(metrics: Metrics, ledger: Pick<Ledger, 'balances'>, peers: () => Iterable<Peer>): void {
  const gauge = metrics.gauge('ilp_connector_balance', 'What the peer owes us, less what it has prepaid', [
    'account',
    'asset',
    'scale',
  ])
  metrics.beforeText(async () => {
    // Peers that are gone keep no series.
    gauge.reset()
    const told = Array.from(peers()).slice(0, MAX_TOLD)
    for (let start = 0; start < told.length; start += PAGE) {
      const page = told.slice(start, start + PAGE)
      const balances = await ledger.balances(page.map(({ id }) => idFromUuid(id)))
      for (const { id, asset } of page) {
        const balance = balances.get(idFromUuid(id))
        if (balance) gauge.labels(id, asset.code, asset.scale.toString()).set(asMetric(-available(balance)))
      }
    }
  })
}

/** Prometheus keeps doubles; the exact balance is in the ledger. */
function asMetric(value: bigint): number {
  return Number(value)
}

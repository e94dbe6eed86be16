import type { Peer } from '@kivuko/peering'
import type { Metrics } from '@kivuko/platform'
import type { LiveView } from './live-view.js'

/**
 * How many addresses of a peer nothing is sent to, since they failed: one series for each peer with any, so that an alarm
 * on it names the peer. Looked at when the metrics are asked for.
 */
export function tellPausedLinks(metrics: Metrics, live: Pick<LiveView, 'linksOf'>, peers: () => Iterable<Peer>): void {
  const help = 'Addresses of the peer that are left alone because they failed: alarm when there are any'
  const gauge = metrics.gauge('ilp_connector_paused_links', help, ['account', 'asset', 'scale'])
  metrics.beforeText(() => {
    gauge.reset()
    for (const peer of peers()) {
      const paused = live.linksOf(peer).filter(({ state }) => state === 'paused').length
      if (paused > 0) gauge.labels(peer.id, peer.asset.code, peer.asset.scale.toString()).set(paused)
    }
  })
}

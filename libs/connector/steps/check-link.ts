import type { ConnectorMetrics } from '../connector-metrics.js'
import { PEER_UNREACHABLE, type PeerTransport } from '../deliver.js'
import { destinationOf } from '../packet.js'
import type { Refuse } from '../refuse.js'
import type { Step } from '../step.js'

/** T01 where nothing can be sent at the moment: before anything is reserved for it. */
export function checkLink(
  transport: Pick<PeerTransport, 'obstacleTo'>,
  metrics: Pick<ConnectorMetrics, 'unreachable'>,
  refuse: Refuse,
): Step {
  return (next) => (packet) => {
    const destination = destinationOf(packet)
    if (destination.kind !== 'peer') return next(packet)
    const obstacle = transport.obstacleTo(destination.peer)
    if (obstacle === undefined) return next(packet)
    const message = `${PEER_UNREACHABLE} peer=${destination.peer.staticIlpAddress} reason=${obstacle}`
    return refuse(packet, 'T01', message).then((reply) => {
      metrics.unreachable(destination, reply)
      return reply
    })
  }
}

import { PEER_UNREACHABLE, type PeerTransport } from '../deliver.js'
import { destinationOf } from '../packet.js'
import type { Refuse } from '../refuse.js'
import type { Step } from '../step.js'

/** T01 where nothing can be sent at the moment: before anything is reserved for it. */
export function checkLink(transport: Pick<PeerTransport, 'obstacleTo'>, refuse: Refuse): Step {
  return (next) => (packet) => {
    const destination = destinationOf(packet)
    if (destination.kind !== 'peer') return next(packet)
    const obstacle = transport.obstacleTo(destination.peer)
    if (obstacle === undefined) return next(packet)
    return refuse(packet, 'T01', `${PEER_UNREACHABLE} peer=${destination.peer.staticIlpAddress} reason=${obstacle}`)
  }
}

import { type Reply, schemeOf } from '@kivuko/ilp'
import type { PeersService } from '@kivuko/peering'
import type { LocalReceiver } from '../local-receiver.js'
import type { NodeAddress } from '../node-address.js'
import type { Destination, Packet } from '../packet.js'
import { peerAccount } from '../peer-account.js'
import type { Refuse } from '../refuse.js'
import type { Handler, Step } from '../step.js'

export type PeerDirectory = Pick<PeersService, 'find' | 'routing'>

// RFC 15: addresses that mean something only inside one node or one machine.
const UNROUTABLE_SCHEMES = new Set(['self', 'local'])

/** Where the packet goes: to an account of ours, or to the peer that the longest matching route names. */
export function findDestination(
  peers: PeerDirectory,
  receiver: LocalReceiver,
  address: NodeAddress,
  refuse: Refuse,
): Step {
  return (next) => (packet) => {
    const { destination } = packet.prepare
    if (address.isOnOtherNetwork(destination)) {
      return refuse(packet, 'F02', `this node is on another network. destination=${destination} node=${address.own}`)
    }
    return address.covers(destination) ? endHere(packet, next) : proceed(packet, forward(packet), next)
  }

  async function endHere(packet: Packet, next: Handler): Promise<Reply> {
    const local = await receiver.find(packet.prepare.destination)
    return proceed(packet, local ?? forward(packet), next)
  }

  function proceed(packet: Packet, found: Destination | undefined, next: Handler): Promise<Reply> {
    if (!found) {
      const { source, prepare } = packet
      return refuse(packet, 'F02', `no route found. source=${source.id} destination=${prepare.destination}`)
    }
    packet.destination = found
    return next(packet)
  }

  function forward(packet: Packet): Destination | undefined {
    return UNROUTABLE_SCHEMES.has(schemeOf(packet.prepare.destination)) ? undefined : nextHop(packet)
  }

  function nextHop({ source, prepare }: Packet): Destination | undefined {
    const except = source.kind === 'peer' ? source.id : undefined
    const hop = peers.routing.nextHop(source.tenantId, prepare.destination, { except, preferAssetId: source.asset.id })
    const peer = hop && peers.find(hop.peerId)
    return peer && peerAccount(peer)
  }
}

import { type Reply, schemeOf } from '@kivuko/ilp'
import { type PeersService, prefixesOf } from '@kivuko/peering'
import type { NextHop } from '@kivuko/routing'
import type { LocalReceiver } from '../local-receiver.js'
import type { NodeAddress } from '../node-address.js'
import type { Destination, Packet } from '../packet.js'
import { type PeerAccount, peerAccount } from '../peer-account.js'
import type { Refuse } from '../refuse.js'
import type { Handler, Step } from '../step.js'

export type PeerDirectory = Pick<PeersService, 'find' | 'routing'>

// RFC 15: addresses that mean something only between two nodes, inside one node or on one machine.
const UNROUTABLE_SCHEMES = new Set(['peer', 'self', 'local'])

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
    return proceed(packet, local ?? below(packet), next)
  }

  function proceed(packet: Packet, found: Destination | undefined, next: Handler): Promise<Reply> {
    if (!found) return refuseUnfound(packet)
    packet.destination = found
    return next(packet)
  }

  function refuseUnfound(packet: Packet): Promise<Reply> {
    const { source, prepare } = packet
    const way = `source=${source.id} destination=${prepare.destination}`
    const isReflected = source.kind === 'peer' && hopTo(packet, undefined)?.peerId === source.id
    return refuse(
      packet,
      'F02',
      isReflected ? `the only route leads back to its source. ${way}` : `no route found. ${way}`,
    )
  }

  /** A peer with an address of its own below ours: a default route never leads out from here. */
  function below(packet: Packet): PeerAccount | undefined {
    const found = forward(packet)
    const { destination } = packet.prepare
    const isBelow = (prefix: string) => address.covers(prefix) && `${destination}.`.startsWith(`${prefix}.`)
    return found && prefixesOf(found.peer).some(isBelow) ? found : undefined
  }

  function forward(packet: Packet): PeerAccount | undefined {
    return UNROUTABLE_SCHEMES.has(schemeOf(packet.prepare.destination)) ? undefined : nextHop(packet)
  }

  /** The peer that a packet came from comes last, and only when its packets may return. */
  function nextHop(packet: Packet): PeerAccount | undefined {
    const { source } = packet
    if (source.kind === 'payment') return accountOf(hopTo(packet, undefined))
    const mayReturn = packet.mayReturn || source.peer.reflectPayments
    return accountOf(hopTo(packet, source.id) ?? (mayReturn ? hopTo(packet, undefined) : undefined))
  }

  function hopTo({ source, prepare }: Packet, except: string | undefined): NextHop | undefined {
    return peers.routing.nextHop(source.tenantId, prepare.destination, { except, preferAssetId: source.asset.id })
  }

  function accountOf(hop: NextHop | undefined): PeerAccount | undefined {
    const peer = hop && peers.find(hop.peerId)
    return peer && peerAccount(peer)
  }
}

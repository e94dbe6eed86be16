import {
  encodeIldcpResponse,
  fulfill,
  ILDCP_DESTINATION,
  PEER_PROTOCOL_CONDITION,
  PEER_PROTOCOL_FULFILLMENT,
  type Reply,
} from '@kivuko/ilp'
import type { NodeAddress } from '../node-address.js'
import type { Packet } from '../packet.js'
import type { PacketSource } from '../packet-source.js'
import type { Refuse } from '../refuse.js'
import type { Step } from '../step.js'

const PEER_PREFIX = 'peer.'

/** Answers `peer.config` (ILDCP, RFC 31). Everything else under `peer.` ends here: it must never be forwarded (RFC 15). */
export function answerPeerProtocols(address: NodeAddress, refuse: Refuse): Step {
  return (next) => (packet) => (packet.prepare.destination.startsWith(PEER_PREFIX) ? answer(packet) : next(packet))

  async function answer(packet: Packet): Promise<Reply> {
    const { destination, amount, executionCondition } = packet.prepare
    if (destination !== ILDCP_DESTINATION) {
      return refuse(packet, 'F01', `unknown peer protocol. destination=${destination}`)
    }
    if (!executionCondition.equals(PEER_PROTOCOL_CONDITION)) {
      return refuse(packet, 'F01', `wrong condition for ${destination}: expected the SHA-256 of 32 zero bytes`)
    }
    // Fulfilling an amount that no ledger knows of would put the two sides' books apart.
    if (amount !== 0n) return refuse(packet, 'F03', `${destination} costs nothing: expected amount 0, found ${amount}`)
    const { asset } = packet.source
    const clientAddress = addressOf(packet.source, address)
    const response = encodeIldcpResponse({ clientAddress, assetScale: asset.scale, assetCode: asset.code })
    return fulfill(PEER_PROTOCOL_FULFILLMENT, response)
  }
}

function addressOf(source: PacketSource, address: NodeAddress): string {
  return source.kind === 'peer' ? source.peer.staticIlpAddress : `${address.ofTenant(source.tenantId)}.${source.id}`
}

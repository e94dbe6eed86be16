import { decodeEchoRequest, ECHO_RESPONSE, encodePrepare, PacketError, type Reply } from '@kivuko/ilp'
import type { NodeAddress } from '../node-address.js'
import { newPacket, type Packet } from '../packet.js'
import type { Refuse } from '../refuse.js'
import type { Handler, Step } from '../step.js'

/**
 * Answers a ping (the echo protocol of the classic connector): what is sent to this node itself goes on to the address
 * that it names, with the same amount, expiry and condition, which only the sender there can fulfill. Its answer is
 * ours. It is a packet like any other: limited, charged and held as such.
 */
export function answerEcho(address: NodeAddress, refuse: Refuse): Step {
  return (next) => (packet) =>
    address.isNode(packet.prepare.destination, packet.source.tenantId) ? echo(packet, next) : next(packet)

  async function echo(packet: Packet, next: Handler): Promise<Reply> {
    const destination = echoAddress(packet)
    if (destination instanceof PacketError) return refuse(packet, 'F01', destination.message)
    const prepare = { ...packet.prepare, destination, data: ECHO_RESPONSE }
    const answer = newPacket(encodePrepare(prepare), prepare, packet.source, packet.receivedAtMs)
    // Whoever pings is most often behind the very peer that its packet came from.
    answer.mayReturn = true
    try {
      return await next(answer)
    } finally {
      noteOutcome(packet, answer)
    }
  }
}

function echoAddress({ prepare }: Packet): string | PacketError {
  try {
    return decodeEchoRequest(prepare.data)
  } catch (error) {
    if (error instanceof PacketError) return error
    throw error
  }
}

/** Metrics and records are kept by the packet that came in. */
function noteOutcome(packet: Packet, answer: Packet): void {
  packet.destination = answer.destination
  packet.destinationAmount = answer.destinationAmount
  packet.isSent = answer.isSent
  packet.isUnresolved = answer.isUnresolved
}

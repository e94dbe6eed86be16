import { decodePrepare } from '@kivuko/ilp'
import { assert } from '@kivuko/platform'
import type { PlannedPacket } from './planned-packet.js'

/** The packets of a run, by the condition that each has for itself at every hop. */
export class PacketDirectory {
  private readonly byCondition: ReadonlyMap<string, PlannedPacket>

  constructor(packets: readonly PlannedPacket[]) {
    this.byCondition = new Map(packets.map((packet) => [packet.condition.toString('hex'), packet]))
  }

  of(bytes: Buffer): PlannedPacket {
    const packet = this.byCondition.get(decodePrepare(bytes).executionCondition.toString('hex'))
    assert(packet, 'every packet of a run was planned')
    return packet
  }
}

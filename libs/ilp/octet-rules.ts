import { CONDITION_BYTES, MAX_PAYLOAD_BYTES } from './limits.js'
import { PacketError } from './packet-error.js'

export function assertPayload(data: Buffer): void {
  if (data.length > MAX_PAYLOAD_BYTES) {
    throw new PacketError('data-too-long', `the data has ${data.length} bytes: expected at most ${MAX_PAYLOAD_BYTES}`)
  }
}

export function assertCondition(octets: Buffer, field: string): void {
  if (octets.length !== CONDITION_BYTES) {
    throw new PacketError('invalid-condition', `${field} has ${octets.length} bytes: expected ${CONDITION_BYTES}`)
  }
}

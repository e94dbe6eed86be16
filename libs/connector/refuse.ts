import { type IlpErrorCode, type Reject, reject } from '@kivuko/ilp'
import type { NodeAddress } from './node-address.js'
import type { Packet } from './packet.js'

/** Answers with a reject, triggered by the address of the tenant whose account the packet came from. */
export type Refuse = (packet: Packet, code: IlpErrorCode, message: string, data?: Buffer) => Promise<Reject>

export function refuseAt(address: NodeAddress): Refuse {
  return async (packet, code, message, data) => reject(code, address.ofTenant(packet.source.tenantId), message, data)
}

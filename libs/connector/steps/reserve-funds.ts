import type { Reply } from '@kivuko/ilp'
import { assert } from '@kivuko/platform'
import type { ChargingDependencies } from '../charging-dependencies.js'
import { ForwardedCharge } from '../forwarded-charge.js'
import { LocalCharge } from '../local-charge.js'
import { destinationOf, type Packet } from '../packet.js'
import type { Refuse } from '../refuse.js'
import type { Handler, Step } from '../step.js'

/**
 * Money moves here. A packet to a peer is reserved before it is sent, then posted or voided by the peer's answer. One
 * that ends here is transferred at once when its receiver would fulfill it. Amounts of 0 move nothing.
 */
export function reserveFunds(dependencies: ChargingDependencies, refuse: Refuse): Step {
  const forwarded = new ForwardedCharge(dependencies, refuse)
  const local = new LocalCharge(dependencies.ledger, dependencies.confirmations, refuse)
  return (next) => (packet) => {
    if (packet.prepare.amount === 0n) return next(packet)
    if (packet.source.kind === 'payment' && packet.source.unfulfillable) return probe(packet, next)
    const destination = destinationOf(packet)
    // Back to where it came from: what the account would pay it would be paid, and a ledger refuses such a transfer.
    if (destination.accountId === packet.source.accountId) return next(packet)
    return destination.kind === 'peer' ? forwarded.handle(packet, next) : local.handle(packet, next)
  }
}

async function probe(packet: Packet, next: Handler): Promise<Reply> {
  const reply = await next(packet)
  assert(reply.type === 'reject', "a quote's probe is never fulfilled: nobody would be charged for it")
  return reply
}

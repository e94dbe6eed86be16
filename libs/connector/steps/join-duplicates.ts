import { hash, randomInt } from 'node:crypto'
import { immutablePart } from '@kivuko/ilp'
import type { Clock } from '@kivuko/platform'
import { AnsweredPackets } from '../answered-packets.js'
import type { Packet } from '../packet.js'
import { PacketsInFlight } from '../packets-in-flight.js'
import { LONGEST_KEY_BYTES } from '../source-answers.js'
import type { Step } from '../step.js'

const MAX_SEED = 2 ** 32

/**
 * A packet that repeats one from the same source (same condition, destination and data, amount and expiry not above
 * the first's) shares its outcome and is charged once. Fulfilled ones are remembered for a while, since it is their
 * answer that may have been lost; beyond that the ledger knows what was charged.
 */
export function joinDuplicates(clock: Clock, inFlight = new PacketsInFlight()): Step {
  const answered = new AnsweredPackets(clock, randomInt(MAX_SEED))
  return (next) => (packet) => {
    if (packet.prepare.amount === 0n) return next(packet)
    const key = keyOf(packet)
    const place = answered.hashOf(packet.source, key)
    const before = answered.find(packet, key, place)
    if (before) return Promise.resolve(before)
    const leader = inFlight.find(packet, key, place)
    if (leader) return leader.reply
    const reply = next(packet)
    const own = inFlight.add(packet, key, place, reply)
    reply.then(
      (known) => {
        inFlight.delete(own)
        // Our own payments send no packet twice: each of theirs is another one.
        if (known.type === 'fulfill' && packet.source.kind === 'peer') answered.add(packet, key, place, known)
      },
      () => inFlight.delete(own),
    )
    return reply
  }
}

/** A short packet is its own key: to copy it costs a tenth of a sum. No part is as short as a sum is. */
function keyOf({ bytes }: Packet): Buffer {
  const part = immutablePart(bytes)
  return part.length <= LONGEST_KEY_BYTES ? part : hash('sha256', part, 'buffer')
}

import type { Clock } from '@kivuko/platform'
import { destinationOf } from '../packet.js'
import type { Refuse } from '../refuse.js'
import type { Step } from '../step.js'

export interface HoldTimes {
  /** Taken off the expiry for each link, so that a fulfill has time to come back. */
  readonly minMessageWindowMs: number
  /** No packet is held longer: what is reserved for it is not free for others. */
  readonly maxHoldTimeMs: number
}

/** The expiry of the next link: one message window earlier, no later than the longest hold; R02 when too little is left. */
export function shortenExpiry(clock: Clock, { minMessageWindowMs, maxHoldTimeMs }: HoldTimes, refuse: Refuse): Step {
  return (next) => (packet) => {
    const nowMs = clock.nowMs()
    const sourceExpiryMs = packet.prepare.expiresAt.getTime()
    if (sourceExpiryMs <= nowMs) {
      const message = `source transfer has already expired. sourceExpiry=${isoTime(sourceExpiryMs)} currentTime=${isoTime(nowMs)}`
      return refuse(packet, 'R02', message)
    }
    const endsHere = destinationOf(packet).kind !== 'peer'
    const latestMs = endsHere ? sourceExpiryMs : sourceExpiryMs - minMessageWindowMs
    // From its arrival on: what has waited for the ledger has been held as well.
    packet.deliveryExpiresAtMs = Math.min(latestMs, packet.receivedAtMs + maxHoldTimeMs)
    if (endsHere || packet.deliveryExpiresAtMs >= nowMs + minMessageWindowMs) return next(packet)
    const actual = `actualSourceExpiry=${isoTime(sourceExpiryMs)}`
    const required = `requiredSourceExpiry=${isoTime(nowMs + 2 * minMessageWindowMs)}`
    const message = `source transfer expires too soon to complete payment. ${actual} ${required} currentTime=${isoTime(nowMs)}`
    return refuse(packet, 'R02', message)
  }
}

function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString()
}

import type { Clock } from '@kivuko/platform'
import type { Step } from '../handler.js'
import { destinationOf } from '../packet.js'
import type { Refuse } from '../refuse.js'

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
    const times = `currentTime=${isoTime(nowMs)}`
    if (sourceExpiryMs <= nowMs) {
      return refuse(
        packet,
        'R02',
        `source transfer has already expired. sourceExpiry=${isoTime(sourceExpiryMs)} ${times}`,
      )
    }
    const endsHere = destinationOf(packet).kind !== 'peer'
    packet.deliveryExpiresAtMs = Math.min(
      endsHere ? sourceExpiryMs : sourceExpiryMs - minMessageWindowMs,
      nowMs + maxHoldTimeMs,
    )
    if (endsHere || packet.deliveryExpiresAtMs >= nowMs + minMessageWindowMs) return next(packet)
    const required = isoTime(nowMs + 2 * minMessageWindowMs)
    return refuse(
      packet,
      'R02',
      `source transfer expires too soon to complete payment. actualSourceExpiry=${isoTime(sourceExpiryMs)} requiredSourceExpiry=${required} ${times}`,
    )
  }
}

function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString()
}

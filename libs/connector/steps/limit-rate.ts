import type { Clock } from '@kivuko/platform'
import type { Refuse } from '../refuse.js'
import type { Step } from '../step.js'
import type { TokenBuckets } from '../token-buckets.js'

const MINUTE_MS = 60_000

/** T05 for a peer that sends more packets than it was granted; peers without such a limit, and our own payments, pass. */
export function limitRate(buckets: TokenBuckets, clock: Clock, refuse: Refuse): Step {
  return (next) => (packet) => {
    const perMinute = packet.source.kind === 'peer' ? packet.source.peer.limits.packetsPerMinute : null
    if (perMinute === null) return next(packet)
    const nowMs = clock.nowMs()
    const bucket = buckets.of(packet.source.id, { capacity: BigInt(perMinute), refillPeriodMs: MINUTE_MS }, nowMs)
    return bucket.take(1n, nowMs) ? next(packet) : refuse(packet, 'T05', 'too many requests, throttling.')
  }
}

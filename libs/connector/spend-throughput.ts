import type { Clock } from '@kivuko/platform'
import type { Packet } from './packet.js'
import type { Refuse } from './refuse.js'
import { rejecting, type Step } from './step.js'
import type { TokenBuckets } from './token-buckets.js'

const SECOND_MS = 1_000

/** What a packet takes of an account's throughput, in minor units of the account's asset. */
export interface Spending {
  readonly accountId: string
  readonly amount: bigint
  readonly perSecond: bigint
}

/** A limit of money per time, in one direction. Money that does not move after all is given back. */
export function spendThroughput(
  buckets: TokenBuckets,
  clock: Clock,
  refuse: Refuse,
  spendingOf: (packet: Packet) => Spending | undefined,
): Step {
  return (next) => {
    const ask = rejecting(next)
    return (packet) => {
      const spending = spendingOf(packet)
      if (!spending) return next(packet)
      const { accountId, amount, perSecond } = spending
      const nowMs = clock.nowMs()
      const bucket = buckets.of(accountId, { capacity: perSecond, refillPeriodMs: SECOND_MS }, nowMs)
      if (!bucket.take(amount, nowMs)) return refuse(packet, 'T04', 'exceeded money bandwidth, throttling.')
      return ask(packet).then(
        (reply) => {
          if (reply.type === 'reject') bucket.giveBack(amount)
          return reply
        },
        (error) => {
          bucket.giveBack(amount)
          throw error
        },
      )
    }
  }
}

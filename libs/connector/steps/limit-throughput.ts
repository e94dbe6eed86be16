import type { Clock } from '@kivuko/platform'
import type { Refuse } from '../refuse.js'
import { spendThroughput } from '../spend-throughput.js'
import type { Step } from '../step.js'
import type { TokenBuckets } from '../token-buckets.js'

/** T04 for a peer that sends more money per time than it was granted. */
export function limitThroughput(buckets: TokenBuckets, clock: Clock, refuse: Refuse): Step {
  return spendThroughput(buckets, clock, refuse, ({ source, prepare }) => {
    const perSecond = source.kind === 'peer' ? source.peer.limits.incomingAmountPerSecond : null
    return perSecond === null ? undefined : { accountId: source.id, amount: prepare.amount, perSecond }
  })
}

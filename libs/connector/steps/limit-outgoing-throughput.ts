import type { Clock } from '@kivuko/platform'
import { destinationOf } from '../packet.js'
import type { Refuse } from '../refuse.js'
import { spendThroughput } from '../spend-throughput.js'
import type { Step } from '../step.js'
import type { TokenBuckets } from '../token-buckets.js'

/** T04 when a peer would be sent more money per time than it was granted. */
export function limitOutgoingThroughput(buckets: TokenBuckets, clock: Clock, refuse: Refuse): Step {
  return spendThroughput(buckets, clock, refuse, (packet) => {
    const destination = destinationOf(packet)
    const perSecond = destination.kind === 'peer' ? destination.peer.limits.outgoingAmountPerSecond : null
    return perSecond === null ? undefined : { accountId: destination.id, amount: packet.destinationAmount, perSecond }
  })
}

import { TokenBuckets } from './token-buckets.js'

/** What each account has left of its limits, in this process; the steps take from it, and the operator may look. */
export class LimitBuckets {
  readonly packets = new TokenBuckets()
  readonly incomingAmount = new TokenBuckets()
  readonly outgoingAmount = new TokenBuckets()
}

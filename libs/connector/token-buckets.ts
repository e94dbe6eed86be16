import { type BucketSize, TokenBucket } from './token-bucket.js'

// Only peers with a limit have a bucket; beyond this many, those that are full are dropped: they hold no memory of anything.
const SWEEP_AT = 10_000

/** One bucket per account, made when first needed and made anew when its limit changes. */
export class TokenBuckets {
  private readonly buckets = new Map<string, TokenBucket>()

  constructor(private readonly sweepAt = SWEEP_AT) {}

  of(accountId: string, size: BucketSize, nowMs: number): TokenBucket {
    const known = this.buckets.get(accountId)
    if (known && isSame(known.size, size)) return known
    if (this.buckets.size >= this.sweepAt) this.dropFull(nowMs)
    const bucket = new TokenBucket(size, nowMs)
    this.buckets.set(accountId, bucket)
    return bucket
  }

  /** The account's bucket as it is, if it has one. */
  peek(accountId: string): TokenBucket | undefined {
    return this.buckets.get(accountId)
  }

  get count(): number {
    return this.buckets.size
  }

  private dropFull(nowMs: number): void {
    for (const [accountId, bucket] of this.buckets) if (bucket.isFull(nowMs)) this.buckets.delete(accountId)
  }
}

function isSame(a: BucketSize, b: BucketSize): boolean {
  return a.capacity === b.capacity && a.refillPeriodMs === b.refillPeriodMs
}

/** `capacity` tokens may be taken at once; in each period as many come back, evenly. */
export interface BucketSize {
  readonly capacity: bigint
  readonly refillPeriodMs: number
}

/**
 * A token bucket in whole numbers. The level is kept in tokens × period, so that the part of a token that a millisecond
 * brings is never lost: over any time exactly capacity × (1 + elapsed / period) can be taken.
 */
export class TokenBucket {
  private readonly periodMs: bigint
  private readonly capacity: bigint
  private level: bigint
  private filledAtMs: number

  constructor(
    readonly size: BucketSize,
    nowMs: number,
  ) {
    this.periodMs = BigInt(size.refillPeriodMs)
    this.capacity = size.capacity * this.periodMs
    this.level = this.capacity
    this.filledAtMs = nowMs
  }

  /** False, and nothing taken, when there are fewer than `tokens`. */
  take(tokens: bigint, nowMs: number): boolean {
    this.refill(nowMs)
    const wanted = tokens * this.periodMs
    if (wanted > this.level) return false
    this.level -= wanted
    return true
  }

  /** Puts back what was taken in vain. */
  giveBack(tokens: bigint): void {
    this.level = smaller(this.capacity, this.level + tokens * this.periodMs)
  }

  /** Whole tokens that could be taken now. */
  left(nowMs: number): bigint {
    this.refill(nowMs)
    return this.level / this.periodMs
  }

  /** A full bucket remembers nothing: it can be dropped and made again. */
  isFull(nowMs: number): boolean {
    this.refill(nowMs)
    return this.level === this.capacity
  }

  private refill(nowMs: number): void {
    const elapsedMs = Math.floor(nowMs - this.filledAtMs)
    // A clock that was set back brings nothing, and takes nothing away.
    if (elapsedMs > 0) this.level = smaller(this.capacity, this.level + BigInt(elapsedMs) * this.size.capacity)
    if (elapsedMs !== 0) this.filledAtMs = nowMs
  }
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

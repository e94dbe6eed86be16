import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TokenBucket } from './token-bucket.js'
import { TokenBuckets } from './token-buckets.js'

describe('TokenBucket', () => {
  it('starts full and refuses what is not there, without taking anything', () => {
    const bucket = new TokenBucket({ capacity: 10n, refillPeriodMs: 1_000 }, 0)
    expect(bucket.take(11n, 0)).toBe(false)
    expect(bucket.take(10n, 0)).toBe(true)
    expect(bucket.take(1n, 0)).toBe(false)
  })

  it('carries what a millisecond brings, however small', () => {
    // 7 per minute is one token each 8,571.43 ms.
    const bucket = new TokenBucket({ capacity: 7n, refillPeriodMs: 60_000 }, 0)
    bucket.take(7n, 0)
    let taken = 0
    for (let nowMs = 1; nowMs <= 60_000; nowMs++) if (bucket.take(1n, nowMs)) taken++
    expect(taken).toBe(7)
  })

  it('gives exactly its limit to whoever asks for ten times as much', () => {
    const bucket = new TokenBucket({ capacity: 600n, refillPeriodMs: 60_000 }, 0)
    let taken = 0
    for (let nowMs = 0; nowMs < 120_000; nowMs += 10) if (bucket.take(1n, nowMs)) taken++
    // A full bucket and two minutes' refill, less the one token that the last 10 ms would have completed.
    expect(taken).toBe(600 + 1_199)
  })

  it('never holds more than its capacity', () => {
    const bucket = new TokenBucket({ capacity: 5n, refillPeriodMs: 1_000 }, 0)
    bucket.giveBack(100n)
    expect(bucket.take(6n, 1_000_000)).toBe(false)
    expect(bucket.take(5n, 1_000_000)).toBe(true)
  })

  it('neither gains nor loses when the clock is set back', () => {
    const bucket = new TokenBucket({ capacity: 10n, refillPeriodMs: 1_000 }, 10_000)
    bucket.take(10n, 10_000)
    expect(bucket.take(1n, 5_000)).toBe(false)
    expect(bucket.take(1n, 5_100)).toBe(true)
    expect(bucket.take(1n, 5_100)).toBe(false)
  })

  it('counts amounts beyond what a double can', () => {
    const bucket = new TokenBucket({ capacity: 2n ** 63n - 1n, refillPeriodMs: 1_000 }, 0)
    expect(bucket.take(2n ** 63n - 2n, 0)).toBe(true)
    expect(bucket.take(2n, 0)).toBe(false)
    expect(bucket.take(1n, 0)).toBe(true)
  })

  it('never lets more through than capacity × (1 + elapsed / period)', () => {
    const asks = fc.array(fc.record({ waitMs: fc.nat(5_000), tokens: fc.bigInt({ min: 0n, max: 30n }) }))
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 50n }),
        fc.integer({ min: 1, max: 9_000 }),
        asks,
        (capacity, periodMs, list) => {
          const bucket = new TokenBucket({ capacity, refillPeriodMs: periodMs }, 0)
          let nowMs = 0
          let taken = 0n
          for (const { waitMs, tokens } of list) {
            nowMs += waitMs
            if (bucket.take(tokens, nowMs)) taken += tokens
          }
          expect(taken * BigInt(periodMs)).toBeLessThanOrEqual(capacity * BigInt(periodMs + nowMs))
        },
      ),
    )
  })
})

describe('TokenBuckets', () => {
  const size = { capacity: 2n, refillPeriodMs: 1_000 }

  it('keeps one bucket per account', () => {
    const buckets = new TokenBuckets()
    buckets.of('a', size, 0).take(2n, 0)
    expect(buckets.of('a', { ...size }, 0).take(1n, 0)).toBe(false)
    expect(buckets.of('b', size, 0).take(1n, 0)).toBe(true)
  })

  it('starts anew when the limit changes', () => {
    const buckets = new TokenBuckets()
    buckets.of('a', size, 0).take(2n, 0)
    expect(buckets.of('a', { ...size, capacity: 3n }, 0).take(3n, 0)).toBe(true)
  })

  it('drops full buckets when there are many, and keeps those in use', () => {
    const buckets = new TokenBuckets(2)
    buckets.of('used', size, 0).take(2n, 0)
    buckets.of('idle', size, 0)
    buckets.of('new', size, 0)
    expect(buckets.count).toBe(2)
    expect(buckets.of('used', size, 0).take(1n, 0)).toBe(false)
  })
})

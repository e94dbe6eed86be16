import type { PayError } from '@kivuko/payment-methods'
import { describe, expect, it } from 'vitest'
import { nextAttempt } from './retry.js'

const transient: PayError = { reason: 'IdleTimeout', message: 'no packet was fulfilled', isRetryable: true }
const failed = { error: transient, attempts: 0, nowMs: 1_000_000, deadlineMs: 1_300_000 }
const patient = { maxRetries: 5, random: () => 1 }

describe('after an attempt that failed', () => {
  it('waits twice as long each time, up to a minute', () => {
    const waits = [0, 1, 2, 3, 6, 20].map(
      (attempts) => (nextAttempt({ ...failed, attempts }, { ...patient, maxRetries: 99 })?.dueAtMs ?? 0) - failed.nowMs,
    )
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 60_000, 60_000])
  })

  it('takes up to half of the wait off, so that payments do not come back together', () => {
    expect(nextAttempt(failed, { ...patient, random: () => 0 })).toEqual({ dueAtMs: 1_000_500, attempts: 1 })
  })

  it('gives up after the retries that are allowed', () => {
    expect(nextAttempt({ ...failed, attempts: 4 }, patient)).toMatchObject({ attempts: 5 })
    expect(nextAttempt({ ...failed, attempts: 5 }, patient)).toBeUndefined()
    expect(nextAttempt(failed, { ...patient, maxRetries: 0 })).toBeUndefined()
  })

  it('gives up at once when another attempt cannot do better', () => {
    expect(nextAttempt({ ...failed, error: { ...transient, isRetryable: false } }, patient)).toBeUndefined()
  })

  it('begins nothing after the quote has expired', () => {
    expect(nextAttempt({ ...failed, deadlineMs: failed.nowMs + 1_000 }, patient)).toBeUndefined()
  })

  it('goes on whatever the count and the quote say when the end is unknown, or it was cut off', () => {
    for (const kind of [{ isUnknown: true }, { isInterrupted: true }]) {
      const error = { ...transient, ...kind }
      const next = nextAttempt({ error, attempts: 5, nowMs: failed.nowMs, deadlineMs: failed.nowMs }, patient)
      expect(next).toEqual({ dueAtMs: 1_001_000, attempts: 5 })
    }
  })
})

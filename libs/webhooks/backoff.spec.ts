import { describe, expect, it } from 'vitest'
import { defaultBackoff, retryWaitMs } from './backoff.js'

const HOUR_MS = 3_600_000

describe('retryWaitMs', () => {
  it.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [12, 2_048_000],
    [13, HOUR_MS],
    [5_000, HOUR_MS],
  ])('waits after failure %d at least %d ms', (attempt, waitMs) => {
    expect(retryWaitMs(defaultBackoff(), attempt, 0)).toBe(waitMs)
  })

  it('spreads a wait over the next quarter of itself', () => {
    expect(retryWaitMs(defaultBackoff(), 3, 0.5)).toBe(4_500)
    expect(retryWaitMs(defaultBackoff(), 3, 0.999999)).toBeLessThan(5_000)
  })
})

describe('defaultBackoff', () => {
  it('retries for at least 72 hours whatever the jitter', () => {
    const backoff = defaultBackoff()
    const waits = Array.from({ length: backoff.maxRetry }, (_, index) => retryWaitMs(backoff, index + 1, 0))
    const patienceMs = waits.reduce((sum, waitMs) => sum + waitMs, 0)
    expect(patienceMs).toBeGreaterThanOrEqual(72 * HOUR_MS)
    expect(patienceMs).toBeLessThan(74 * HOUR_MS)
  })

  it('takes a limit that the operator set', () => {
    expect(defaultBackoff(10).maxRetry).toBe(10)
    expect(defaultBackoff(0).maxRetry).toBe(0)
  })
})

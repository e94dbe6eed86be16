import { describe, expect, it } from 'vitest'
import { CircuitBreaker } from './circuit-breaker.js'

function failing(times: number): CircuitBreaker {
  const breaker = new CircuitBreaker()
  for (let n = 0; n < times; n++) breaker.failed(1_000, 'HTTP 503')
  return breaker
}

describe('a next hop', () => {
  it('that failed four times is still sent to; after the fifth, nothing is for half a second', () => {
    expect(failing(4).pauseLeftMs(1_000)).toBeUndefined()
    const breaker = failing(5)
    expect([breaker.pauseLeftMs(1_000), breaker.pauseLeftMs(1_499)]).toEqual([500, 1])
  })

  it('gets a single packet when the pause is over', () => {
    const breaker = failing(5)
    expect([breaker.pauseLeftMs(1_500), breaker.pauseLeftMs(1_500)]).toEqual([undefined, 500])
  })

  it('that takes the trial gets everything again, and five new failures are needed', () => {
    const breaker = failing(5)
    breaker.pauseLeftMs(1_500)
    breaker.succeeded()
    for (let n = 0; n < 4; n++) breaker.failed(1_501, 'HTTP 500')
    expect(breaker.pauseLeftMs(1_501)).toBeUndefined()
  })

  it('that fails its trials is tried after 1, 2, 4, 8 and then each 10 seconds', () => {
    const breaker = failing(5)
    let nowMs = 1_500
    const pauses = Array.from({ length: 6 }, () => {
      breaker.pauseLeftMs(nowMs)
      breaker.failed(nowMs, 'HTTP 503')
      const leftMs = breaker.pauseLeftMs(nowMs) ?? 0
      nowMs += leftMs
      return leftMs
    })
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000])
  })

  it('is seen to work, to fail, to be spared, and to work again, with what failed last and since when it did', () => {
    const breaker = new CircuitBreaker()
    const nothing = { sinceMs: undefined, pausedUntilMs: undefined, lastFailure: undefined }
    expect(breaker.health(900)).toEqual({ state: 'working', failures: 0, ...nothing })
    breaker.failed(1_000, 'ECONNREFUSED')
    breaker.failed(1_100, 'HTTP 503')
    const lastFailure = { reason: 'HTTP 503', atMs: 1_100 }
    expect(breaker.health(1_200)).toEqual({ state: 'failing', failures: 2, ...nothing, sinceMs: 1_000, lastFailure })
    for (let n = 0; n < 3; n++) breaker.failed(1_100, 'HTTP 503')
    const spared = { state: 'paused', failures: 5, sinceMs: 1_000, lastFailure }
    expect(breaker.health(1_200)).toEqual({ ...spared, pausedUntilMs: 1_600 })
    // The next packet is the trial.
    expect(breaker.health(1_600)).toEqual({ ...spared, pausedUntilMs: undefined })
    breaker.succeeded()
    expect(breaker.health(1_700)).toEqual({ state: 'working', failures: 0, ...nothing, lastFailure })
  })

  it('is not kept waiting longer by the many packets that were under way when it failed', () => {
    expect(failing(300).pauseLeftMs(1_000)).toBe(500)
  })

  it('whose trial is never answered is tried again after another pause', () => {
    const breaker = failing(5)
    breaker.pauseLeftMs(1_500)
    expect([breaker.pauseLeftMs(1_999), breaker.pauseLeftMs(2_000)]).toEqual([1, undefined])
  })
})

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { JoinedRuns } from './joined-runs.js'

describe('a run that fails', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  /** Work that fails as often as it is told to. */
  function failing(times: number): { work: () => Promise<void>; count: () => number } {
    let count = 0
    const work = async (): Promise<void> => {
      count += 1
      if (count <= times) throw new Error('the database is away')
    }
    return { work, count: () => count }
  }

  it('is told to the caller and repeated until it succeeds, with growing waits', async () => {
    const runs = new JoinedRuns()
    const { work, count } = failing(3)
    await expect(runs.run('a', work)).rejects.toThrow('away')
    await vi.advanceTimersByTimeAsync(499)
    expect(count()).toBe(1)
    // 500 ms, then 1 s, then 2 s.
    await vi.advanceTimersByTimeAsync(1)
    expect(count()).toBe(2)
    await vi.advanceTimersByTimeAsync(3_000)
    expect(count()).toBe(4)
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(count()).toBe(4)
  })

  it('is not repeated when a later one has succeeded', async () => {
    const runs = new JoinedRuns()
    const { work, count } = failing(1)
    await expect(runs.run('a', work)).rejects.toThrow('away')
    await runs.run('a', work)
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(count()).toBe(2)
  })

  it('is given up in the end', async () => {
    const runs = new JoinedRuns()
    const { work, count } = failing(1_000)
    await expect(runs.run('a', work)).rejects.toThrow('away')
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(count()).toBe(21)
  })
})

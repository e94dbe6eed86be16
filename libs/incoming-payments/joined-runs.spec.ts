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

describe('runs with a rest', () => {
  let runs = 0
  const work = async (): Promise<void> => {
    runs += 1
  }
  beforeEach(() => {
    vi.useFakeTimers()
    runs = 0
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('begin at once, and again after the rest for all who asked meanwhile', async () => {
    const joined = new JoinedRuns(250)
    await joined.run('a', work)
    const others = [joined.run('a', work), joined.run('a', work)]
    await vi.advanceTimersByTimeAsync(249)
    expect(runs).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    await Promise.all(others)
    expect(runs).toBe(2)
  })

  it('hold up no other key, and nobody who comes after the rest', async () => {
    const joined = new JoinedRuns(250)
    await Promise.all([joined.run('a', work), joined.run('b', work)])
    await vi.advanceTimersByTimeAsync(250)
    await joined.run('a', work)
    expect(runs).toBe(3)
  })

  it('finish what was asked for without resting', async () => {
    const joined = new JoinedRuns(60_000)
    await joined.run('a', work)
    void joined.run('a', work)
    await joined.finish()
    expect(runs).toBe(2)
  })
})

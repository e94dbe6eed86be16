import { SystemClock } from '@kivuko/platform'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { keepLease, type LeaseTerms } from './lease-clock.js'

const LEASE_MS = 30_000

let aborted: string | undefined

beforeEach(() => {
  vi.useFakeTimers()
  aborted = undefined
})
afterEach(() => {
  vi.useRealTimers()
})

function keep(extend: LeaseTerms['extend']): () => void {
  const abort = ({ message }: Error) => {
    aborted ??= message
  }
  const clock = new SystemClock()
  return keepLease({ leaseMs: LEASE_MS, endsAtMs: clock.nowMs() + LEASE_MS, clock, extend, abort })
}

it('a lease is extended as long as it is held', async () => {
  const ends: number[] = []
  vi.setSystemTime(Date.UTC(2030, 0, 1))
  const release = keep(async (endsAtMs) => {
    ends.push(endsAtMs - Date.UTC(2030, 0, 1))
    return 'extended'
  })
  await vi.advanceTimersByTimeAsync(10 * LEASE_MS)
  expect(aborted).toBeUndefined()
  expect(ends.slice(0, 2)).toEqual([40_000, 50_000])
  release()
  await vi.advanceTimersByTimeAsync(10 * LEASE_MS)
  expect([ends.length, aborted]).toEqual([30, undefined])
})

it('one that cannot be extended is given up before it ends, so that its follower meets nobody', async () => {
  keep(async () => undefined)
  await vi.advanceTimersByTimeAsync(24_999)
  expect(aborted).toBeUndefined()
  await vi.advanceTimersByTimeAsync(1)
  expect(aborted).toBe('the lease of the payment has ended')
})

it('an extension that takes long counts from when it was asked for', async () => {
  let answer: (extended: 'extended') => void = () => undefined
  keep(async () => new Promise<'extended'>((resolve) => (answer = resolve)))
  await vi.advanceTimersByTimeAsync(10_000)
  const answerFirst = answer
  await vi.advanceTimersByTimeAsync(14_000)
  answerFirst('extended')
  // Asked for after 10 seconds: until 40, and given up at 35.
  await vi.advanceTimersByTimeAsync(10_999)
  expect(aborted).toBeUndefined()
  await vi.advanceTimersByTimeAsync(1)
  expect(aborted).toBe('the lease of the payment has ended')
})

it('one that another has is given up at once', async () => {
  keep(async () => 'lost')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(aborted).toBe('another worker has taken the payment over')
})

import { pino } from 'pino'
import { expect, it, vi } from 'vitest'
import { ManualClock } from '../clock.js'
import { Subscription } from './subscription.js'

const silent = pino({ level: 'silent' })

function subscribe(onChange: (key: string | undefined) => void | Promise<void>, clock = new ManualClock(0)) {
  return new Subscription('assets', onChange, clock, silent)
}

it('hands over changes one at a time, in order, the same waiting key once', async () => {
  const seen: (string | undefined)[] = []
  let running = 0
  const subscription = subscribe(async (key) => {
    expect(running).toBe(0)
    running += 1
    await Promise.resolve()
    running -= 1
    seen.push(key)
  })
  for (const key of ['a', 'b', 'c', 'b', 'c']) subscription.changed(key)
  await subscription.settled()
  expect(seen).toEqual(['a', 'b', 'c'])
})

it('reads everything once instead of the keys that wait', async () => {
  const seen: (string | undefined)[] = []
  const subscription = subscribe(async (key) => {
    seen.push(key)
  })
  subscription.changed('a')
  subscription.changed('b')
  subscription.changed(undefined)
  await subscription.settled()
  expect(seen).toEqual([undefined])
})

it('reads everything when more keys wait than are worth reading one by one', async () => {
  const seen: (string | undefined)[] = []
  const subscription = subscribe(async (key) => {
    seen.push(key)
  })
  for (let n = 0; n < 600; n += 1) subscription.changed(`k${n}`)
  await subscription.settled()
  expect(seen).toEqual([undefined])
})

it('counts as stale from a failure until everything has been read again', async () => {
  vi.useFakeTimers()
  const clock = new ManualClock(5_000)
  let broken = true
  const subscription = subscribe((key) => {
    if (broken && key !== undefined) throw new Error('the database is away')
  }, clock)
  subscription.changed('a')
  await subscription.settled()
  expect(subscription.failingSinceMs).toBe(5_000)
  broken = false
  await vi.advanceTimersByTimeAsync(1_000)
  await subscription.settled()
  expect(subscription.failingSinceMs).toBeUndefined()
  vi.useRealTimers()
})

it('takes nothing over after it was closed', async () => {
  const seen: (string | undefined)[] = []
  const subscription = subscribe(async (key) => {
    seen.push(key)
  })
  subscription.changed('a')
  await subscription.close()
  subscription.changed('b')
  await subscription.settled()
  expect(seen).toEqual([])
})

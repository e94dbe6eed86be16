import { expect, it } from 'vitest'
import { ManualClock } from './clock.js'

it('a manual clock moves only when it is told to', () => {
  const clock = new ManualClock(1_000)
  expect(clock.nowMs()).toBe(1_000)
  clock.advance(250)
  expect(clock.now().getTime()).toBe(1_250)
})

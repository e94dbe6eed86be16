import { ManualClock } from '@kivuko/platform'
import { expect, it } from 'vitest'
import { cleanUpNowAndThen } from './clean-up.js'

it('goes on at every tick until nothing is old, then rests for a minute', async () => {
  const clock = new ManualClock(0)
  const old = [2, 3, 0, 1]
  let asked = 0
  const look = cleanUpNowAndThen(clock, [
    async () => {
      asked += 1
      return old.shift() ?? 0
    },
  ])
  for (let tick = 0; tick < 5; tick += 1) await look()
  expect(asked).toBe(3)
  clock.advance(59_999)
  await look()
  expect(asked).toBe(3)
  clock.advance(1)
  await look()
  await look()
  expect(asked).toBe(5)
})

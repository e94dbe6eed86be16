import { expect, it } from 'vitest'
import { boundWaits } from './backend.js'

it('bounds every wait, and listens anew after one that ended without a job', async () => {
  const waits: number[] = []
  const answers = [{ member: 'bell', score: 0 }, null]
  let listenedAnew = 0
  const backend = {
    waitForJob: async (seconds: number): Promise<unknown> => {
      waits.push(seconds)
      return answers.shift()
    },
    reconnectBlocking: async () => {
      listenedAnew += 1
    },
  }
  boundWaits(backend, 15)
  expect(await backend.waitForJob(3_600)).toEqual({ member: 'bell', score: 0 })
  expect(listenedAnew).toBe(0)
  expect(await backend.waitForJob(0.5)).toBeNull()
  expect(listenedAnew).toBe(1)
  expect(waits).toEqual([15, 0.5])
})

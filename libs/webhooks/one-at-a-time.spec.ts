import { describe, expect, it } from 'vitest'
import { OneAtATime } from './one-at-a-time.js'

function gated() {
  const gates: (() => void)[] = []
  let running = 0
  let most = 0
  const work = new OneAtATime(async () => {
    running += 1
    most = Math.max(most, running)
    await new Promise<void>((open) => gates.push(open))
    running -= 1
  })
  return { work, gates, most: () => most }
}

const tick = () => new Promise((resolve) => setImmediate(resolve))

describe('OneAtATime', () => {
  it('answers everyone who asked meanwhile by one more run', async () => {
    const { work, gates, most } = gated()
    const all = Promise.all([work.run(), work.run(), work.run()])
    gates[0]?.()
    await tick()
    const later = Promise.all([work.run(), work.run()])
    gates[1]?.()
    await all
    await tick()
    gates[2]?.()
    await later
    expect(gates).toHaveLength(3)
    expect(work.busy).toBe(false)
    expect(most()).toBe(1)
  })

  it('lets nobody wait for runs that others asked for later', async () => {
    const { work, gates } = gated()
    const first = work.run()
    const second = work.run()
    gates[0]?.()
    await first
    await tick()
    void work.run()
    gates[1]?.()
    await second
    expect(work.busy).toBe(true)
    await tick()
    gates[2]?.()
    await work.ended()
  })

  it('runs again when asked after the end', async () => {
    const { work, gates } = gated()
    for (let round = 0; round < 3; round += 1) {
      const run = work.run()
      gates[round]?.()
      await run
    }
    expect(gates).toHaveLength(3)
  })

  it('loses no request made in the very tick in which a run ends', async () => {
    let runs = 0
    let asked = 0
    const work: OneAtATime = new OneAtATime(async () => {
      runs += 1
      const seen = asked
      await Promise.resolve()
      if (seen < 100) {
        void Promise.resolve().then(() =>
          Promise.resolve().then(() => {
            asked += 1
            void work.run()
          }),
        )
      }
    })
    asked += 1
    await work.run()
    await tick()
    await tick()
    expect(asked).toBe(100)
    expect(runs).toBe(100)
  })

  it('fails those who waited for a run that failed, and works afterwards', async () => {
    let runs = 0
    const work = new OneAtATime(async () => {
      runs += 1
      await Promise.resolve()
      if (runs === 1) throw new Error('database down')
    })
    await expect(work.run()).rejects.toThrow('database down')
    await work.run()
    expect(runs).toBe(2)
  })
})

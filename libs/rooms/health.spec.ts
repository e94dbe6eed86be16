import { MemoryLedger } from '@kivuko/accounting'
import { ManualClock } from '@kivuko/platform'
import { beforeEach, describe, expect, it } from 'vitest'
import { Health } from './health.js'

let clock: ManualClock
let asked: { database: number; ledger: number }
let answer: () => Promise<Record<string, number>>
let isSilent: boolean
let health: Health

class CountingLedger extends MemoryLedger {
  override balances(ids: readonly bigint[]) {
    asked.ledger += 1
    return super.balances(ids)
  }
}

beforeEach(() => {
  clock = new ManualClock(1_700_000_000_000)
  asked = { database: 0, ledger: 0 }
  answer = async () => ({ webhooks: 7 })
  isSilent = false
  const lag = {
    lags: () => {
      asked.database += 1
      return answer()
    },
  }
  const feed = { isSilent: () => isSilent, ageMs: () => 12 }
  health = new Health(new CountingLedger(clock), feed, lag, clock)
})

describe('the health of a process', () => {
  it('is checked once for all callers of a second', async () => {
    const states = await Promise.all(Array.from({ length: 32 }, () => health.check()))
    clock.advance(999)
    states.push(await health.check())
    expect(asked).toEqual({ database: 1, ledger: 1 })
    for (const state of states) {
      expect(state).toEqual({
        healthy: true,
        database: 'up',
        ledger: 'up',
        changeFeed: 'up',
        changeFeedAgeMs: 12,
        queueLagMs: { webhooks: 7 },
      })
    }
  })

  it('is checked again after a second', async () => {
    await health.check()
    clock.advance(1_000)
    answer = async () => {
      throw new Error('the database is away')
    }
    expect(await health.check()).toMatchObject({ healthy: false, database: 'down', ledger: 'up', queueLagMs: {} })
    expect(asked).toEqual({ database: 2, ledger: 2 })
    clock.advance(1_000)
    answer = async () => ({ webhooks: 0 })
    expect(await health.check()).toMatchObject({ healthy: true, queueLagMs: { webhooks: 0 } })
  })

  it('is checked once also where the check takes longer than a second', async () => {
    let end: (lags: Record<string, number>) => void = () => undefined
    answer = () =>
      new Promise((resolve) => {
        end = resolve
      })
    const first = health.check()
    clock.advance(1_500)
    const second = health.check()
    end({ webhooks: 1 })
    expect(await Promise.all([first, second])).toMatchObject([{ healthy: true }, { healthy: true }])
    expect(await health.check()).toMatchObject({ queueLagMs: { webhooks: 1 } })
    expect(asked.database).toBe(1)
  })

  it('shows at once that the change feed is silent', async () => {
    expect(await health.check()).toMatchObject({ healthy: true, changeFeed: 'up' })
    isSilent = true
    expect(await health.check()).toMatchObject({ healthy: false, changeFeed: 'down', database: 'up' })
    expect(asked.database).toBe(1)
  })
})

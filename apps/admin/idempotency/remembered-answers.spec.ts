import { ManualClock } from '@kivuko/platform'
import { describe, expect, it } from 'vitest'
import { RememberedAnswers } from './remembered-answers.js'

const DAY_MS = 86_400_000
const call = { tenantId: 'a', key: 'k', operation: 'createAsset', args: '{"input":{"code":"USD"}}' }

function counted() {
  let count = 0
  return async () => {
    count += 1
    return count
  }
}

describe('an idempotency key', () => {
  it('is answered once, whatever number of times it is sent', async () => {
    const answers = new RememberedAnswers(new ManualClock(0))
    const act = counted()
    expect(await answers.once(call, act)).toBe(1)
    expect(await answers.once(call, act)).toBe(1)
  })

  it('joins a repeat to a call that is still under way', async () => {
    const answers = new RememberedAnswers(new ManualClock(0))
    const act = counted()
    expect(await Promise.all([answers.once(call, act), answers.once(call, act), answers.once(call, act)])).toEqual([
      1, 1, 1,
    ])
  })

  it('belongs to one tenant', async () => {
    const answers = new RememberedAnswers(new ManualClock(0))
    const act = counted()
    expect(await answers.once(call, act)).toBe(1)
    expect(await answers.once({ ...call, tenantId: 'b' }, act)).toBe(2)
  })

  it('is refused for another mutation or other arguments', async () => {
    const answers = new RememberedAnswers(new ManualClock(0))
    await answers.once(call, counted())
    await expect(answers.once({ ...call, args: '{"input":{"code":"EUR"}}' }, counted())).rejects.toThrow(
      'are different',
    )
    await expect(answers.once({ ...call, operation: 'updateAsset' }, counted())).rejects.toThrow('are different')
  })

  it('is free again after a failure, and after a day', async () => {
    const clock = new ManualClock(0)
    const answers = new RememberedAnswers(clock)
    await expect(answers.once(call, async () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    const act = counted()
    expect(await answers.once(call, act)).toBe(1)
    clock.advance(DAY_MS - 1)
    expect(await answers.once(call, act)).toBe(1)
    clock.advance(1)
    expect(await answers.once(call, act)).toBe(2)
  })

  it('gives way to newer ones when too many are remembered', async () => {
    const answers = new RememberedAnswers(new ManualClock(0), 2)
    const act = counted()
    for (const key of ['k1', 'k2', 'k3']) await answers.once({ ...call, key }, act)
    expect(await answers.once({ ...call, key: 'k3' }, act)).toBe(3)
    expect(await answers.once({ ...call, key: 'k1' }, act)).toBe(4)
  })
})

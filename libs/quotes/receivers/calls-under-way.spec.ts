import { describe, expect, it } from 'vitest'
import { CallsUnderWay, MAX_CALLS_PER_TENANT } from './calls-under-way.js'

function held() {
  let end: () => void = () => undefined
  const answer = new Promise<void>((resolve) => {
    end = resolve
  })
  return { answer, end: () => end() }
}

describe('calls to other servers', () => {
  it('are refused at once where their tenant waits for too many, and for no other tenant', async () => {
    const calls = new CallsUnderWay()
    const server = held()
    const waiting = Array.from({ length: MAX_CALLS_PER_TENANT }, () => calls.run('a', () => server.answer))
    let asked = 0
    const next = calls.run('a', async () => asked++)
    await expect(next).rejects.toMatchObject({ kind: 'limited', reason: 'TooManyCalls' })
    await expect(next).rejects.toThrow(`at most ${MAX_CALLS_PER_TENANT} are allowed at once`)
    expect(asked).toBe(0)
    expect(await calls.run('b', async () => 'answered')).toBe('answered')
    server.end()
    await Promise.all(waiting)
    expect(await calls.run('a', async () => 'answered')).toBe('answered')
  })

  it('that fail have ended too', async () => {
    const calls = new CallsUnderWay()
    const failing = () =>
      calls.run('a', async () => {
        throw new Error('no answer')
      })
    for (let n = 0; n <= MAX_CALLS_PER_TENANT; n++) await expect(failing()).rejects.toThrow('no answer')
  })
})

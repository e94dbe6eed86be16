import { describe, expect, it } from 'vitest'
import { MAX_CALLS_PER_TENANT, RemoteCallLimit } from './remote-call-limit.js'

function held() {
  let end: () => void = () => undefined
  const answer = new Promise<void>((resolve) => {
    end = resolve
  })
  return { answer, end: () => end() }
}

describe('calls to other servers', () => {
  it('are refused at once while their tenant has too many under way, and not for other tenants', async () => {
    const calls = new RemoteCallLimit()
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

  it('that fail are under way no more', async () => {
    const calls = new RemoteCallLimit()
    const failing = () =>
      calls.run('a', async () => {
        throw new Error('no answer')
      })
    for (let n = 0; n <= MAX_CALLS_PER_TENANT; n++) await expect(failing()).rejects.toThrow('no answer')
  })
})

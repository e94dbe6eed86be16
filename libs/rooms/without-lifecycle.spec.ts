import { expect, it } from 'vitest'
import { withoutLifecycle } from './without-lifecycle.js'

class Till {
  #opened = false
  coins = 0
  closings = 0

  onModuleInit(): void {
    this.#opened = true
  }

  onApplicationShutdown(): void {
    this.closings += 1
  }

  put(coins: number): number {
    if (this.#opened) this.coins += coins
    return this.coins
  }

  get empty(): boolean {
    return this.coins === 0
  }
}

it('hides what a container would call, and is the same service in everything else', () => {
  const till = new Till()
  till.onModuleInit()
  const seen = withoutLifecycle(till)
  expect('onApplicationShutdown' in seen).toBe(false)
  expect(seen.onApplicationShutdown).toBeUndefined()
  expect(seen).toBeInstanceOf(Till)
  expect(seen.put(3)).toBe(3)
  expect(till.coins).toBe(3)
  expect(seen.empty).toBe(false)
  expect(seen.put).toBe(seen.put)
  seen.coins = 5
  expect(till.put(1)).toBe(6)
})

it('leaves alone what no container would call', () => {
  const plain = { coins: 1 }
  expect(withoutLifecycle(plain)).toBe(plain)
  expect(withoutLifecycle('text')).toBe('text')
  expect(withoutLifecycle(undefined)).toBeUndefined()
})

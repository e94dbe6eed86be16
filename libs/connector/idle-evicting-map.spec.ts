import { describe, expect, it } from 'vitest'
import { IdleEvictingMap } from './idle-evicting-map.js'

describe('IdleEvictingMap', () => {
  it('evicts idle entries when it has doubled, and keeps those in use', () => {
    const map = new IdleEvictingMap<{ isIdle: boolean }>(4)
    const used = map.add('used', { isIdle: false })
    for (let n = 0; n < 3; n++) map.add(`idle ${n}`, { isIdle: true })
    expect([...map.values()]).toHaveLength(4)
    map.add('fifth', { isIdle: false })
    expect([...map.values()]).toHaveLength(2)
    expect(map.get('used')).toBe(used)
    expect(map.get('idle 0')).toBeUndefined()
  })

  it('does not look through all again and again when all are in use', () => {
    let looks = 0
    const map = new IdleEvictingMap<{ isIdle: boolean }>(4)
    const entry = {
      get isIdle() {
        looks++
        return false
      },
    }
    for (let n = 0; n < 32; n++) map.add(`${n}`, entry)
    // At 4, at 8, at 16.
    expect(looks).toBe(4 + 8 + 16)
  })
})

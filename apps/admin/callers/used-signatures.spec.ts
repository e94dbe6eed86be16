import { describe, expect, it } from 'vitest'
import { UsedSignatures } from './used-signatures.js'

const WINDOW_MS = 30_000
const NOW = 1_700_000_000_000

describe('used signatures', () => {
  it('are new once', () => {
    const used = new UsedSignatures(WINDOW_MS)
    expect(used.use('a', NOW)).toBe('first')
    expect(used.use('b', NOW)).toBe('first')
    expect(used.use('a', NOW)).toBe('again')
  })

  it('are remembered as long as one dated a window ahead stays valid, whenever it comes', () => {
    for (const startMs of [0, 1, WINDOW_MS, 2 * WINDOW_MS, 2 * WINDOW_MS + 1]) {
      const used = new UsedSignatures(WINDOW_MS)
      used.use('earlier', NOW)
      used.use('a', NOW + startMs)
      for (let laterMs = 0; laterMs <= 2 * WINDOW_MS; laterMs += 1_000) {
        expect(used.use('a', NOW + startMs + laterMs)).toBe('again')
      }
    }
  })

  it('are forgotten afterwards, so that memory stays bounded', () => {
    const used = new UsedSignatures(WINDOW_MS, 2)
    expect(used.use('a', NOW)).toBe('first')
    expect(used.use('b', NOW)).toBe('first')
    expect(used.use('c', NOW)).toBe('full')
    expect(used.use('c', NOW + 8 * WINDOW_MS)).toBe('first')
  })

  it('refuse what they cannot remember instead of letting it pass unchecked', () => {
    const used = new UsedSignatures(WINDOW_MS, 1)
    used.use('a', NOW)
    expect(used.use('b', NOW)).toBe('full')
    expect(used.use('a', NOW)).toBe('again')
  })
})

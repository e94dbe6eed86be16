import { describe, expect, it } from 'vitest'
import { derivedId, derivedIdAt, idFromUuid, legId, timeOrderedId, uuidFromId } from './ids.js'

describe('ledger ids', () => {
  it('are the number a uuid writes in hexadecimal', () => {
    expect(idFromUuid('00000000-0000-0000-0000-0000000000ff')).toBe(255n)
    expect(idFromUuid('00000000-0000-4000-8000-000000000001')).toBe(0x40008000000000000001n)
  })

  it('go back to the same uuid, in lower case', () => {
    expect(uuidFromId(idFromUuid('0A0B0C0D-0000-4000-8000-00000000000F'))).toBe('0a0b0c0d-0000-4000-8000-00000000000f')
  })

  it('are not made from anything but a uuid', () => {
    expect(() => idFromUuid('12')).toThrow('a ledger id is made from a uuid, found "12"')
  })

  it('are derived from SHA-256 over each part with its kind and length', () => {
    // printf 's1:an1:7' | sha256sum
    expect(derivedId('a', 7n)).toBe(0xf895cb70e2d14a23f4e506fee442ecacn)
  })

  it('do not run together when parts are cut elsewhere or are of another kind', () => {
    const ids = [derivedId('ab', 'c'), derivedId('a', 'bc'), derivedId('abc'), derivedId('7'), derivedId(7n)]
    expect(new Set([...ids, derivedId(Buffer.from('7'))]).size).toBe(6)
  })

  it('derived at a time begin with its milliseconds and sort by it', () => {
    const early = derivedIdAt(1_000, 'z')
    expect(early >> 80n).toBe(1_000n)
    expect(derivedIdAt(1_001, 'a')).toBeGreaterThan(early)
    expect(derivedIdAt(1_000, 'z')).toBe(early)
    expect(derivedIdAt(1_000, 'y')).not.toBe(early)
  })

  it('of further legs lie beside the first and are the same each time', () => {
    const base = derivedIdAt(5_000, 'payment')
    expect(legId(base, 0)).toBe(base)
    expect(legId(base, 1) >> 80n).toBe(base >> 80n)
    expect(legId(base, 1)).toBe(legId(base, 1))
    expect(new Set([0, 1, 2, 3].map((index) => legId(base, index))).size).toBe(4)
  })

  it('in order of time are unlike each other within a millisecond', () => {
    expect(timeOrderedId(9) >> 80n).toBe(9n)
    expect(timeOrderedId(9)).not.toBe(timeOrderedId(9))
  })
})

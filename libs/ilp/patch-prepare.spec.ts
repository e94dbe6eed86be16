import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { immutablePart, patchPrepare, withoutTrailingBytes } from './patch-prepare.js'
import { encodePrepare } from './prepare.js'

const prepare = {
  amount: 100n,
  expiresAt: new Date('2030-01-01T00:00:00.000Z'),
  executionCondition: Buffer.alloc(32, 9),
  destination: 'test.alice',
  data: Buffer.from('data'),
}

describe('patchPrepare', () => {
  it('changes amount and expiry in place, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
        fc.nat(32_767).map((length) => Buffer.alloc(length, length)),
        (amount, expiresAt, data) => {
          const original = { ...prepare, data }
          const bytes = encodePrepare(original)
          const patched = patchPrepare(bytes, { amount, expiresAtMs: expiresAt.getTime() })
          expect(patched.buffer).toBe(bytes.buffer)
          expect(patched.equals(encodePrepare({ ...original, amount, expiresAt }))).toBe(true)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('drops bytes after the packet', () => {
    const bytes = Buffer.concat([encodePrepare(prepare), Buffer.from('more')])
    const patched = patchPrepare(bytes, { amount: 1n, expiresAtMs: prepare.expiresAt.getTime() })
    expect(patched).toEqual(encodePrepare({ ...prepare, amount: 1n }))
  })

  it('refuses an amount that does not fit, and leaves the packet as it was', () => {
    const bytes = encodePrepare(prepare)
    expect(() => patchPrepare(bytes, { amount: 2n ** 64n, expiresAtMs: 0 })).toThrow('18446744073709551616')
    expect(bytes).toEqual(encodePrepare(prepare))
  })
})

describe('immutablePart', () => {
  it('is the same for packets that differ in amount and expiry', () => {
    const other = encodePrepare({ ...prepare, amount: 7n, expiresAt: new Date('2031-01-01T00:00:00Z') })
    expect(immutablePart(other)).toEqual(immutablePart(encodePrepare(prepare)))
  })

  it.each([
    { ...prepare, destination: 'test.bob' },
    { ...prepare, data: Buffer.from('date') },
    { ...prepare, executionCondition: Buffer.alloc(32, 8) },
  ])('differs with condition, destination or data', (other) => {
    expect(immutablePart(encodePrepare(other))).not.toEqual(immutablePart(encodePrepare(prepare)))
  })
})

describe('withoutTrailingBytes', () => {
  it.each([0, 100, 300, 32_000])('finds the end of a packet with %i bytes of data', (length) => {
    const bytes = encodePrepare({ ...prepare, data: Buffer.alloc(length) })
    expect(withoutTrailingBytes(Buffer.concat([bytes, Buffer.alloc(5)]))).toEqual(bytes)
    expect(withoutTrailingBytes(bytes)).toBe(bytes)
  })
})

import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { amountIn } from './amount-in.js'
import { time, uuid } from './fields.js'
import { readLimit } from './limit.js'
import { parseInput } from './parse-input.js'

const usd = { code: 'USD', scale: 2 }

describe('an input', () => {
  it('says which field is wrong and what was found there', () => {
    const schema = z.object({ id: uuid, expiresAt: time })
    expect(() => parseInput(schema, { id: 'x', expiresAt: 'soon' })).toThrow(
      'id must be a UUID, found "x"; expiresAt must be a time like 2030-01-31T12:00:00Z, found "soon"',
    )
  })

  it('holds no text that no database stores, wherever it hides', () => {
    const schema = z.record(z.string(), z.unknown())
    for (const wrong of [{ a: '\0' }, { a: [{ b: '\ud800' }] }, { '\udfff': 1 }]) {
      expect(() => parseInput(schema, wrong)).toThrow('NUL character or half a surrogate')
    }
    expect(parseInput(schema, { a: '😀 Zürich' })).toEqual({ a: '😀 Zürich' })
  })

  it('takes a UUID in any case and a time in any zone', () => {
    expect(uuid.parse('438FA74A-FA7D-4317-9CED-DDE32ECE1787')).toBe('438fa74a-fa7d-4317-9ced-dde32ece1787')
    expect(time.parse('2030-01-31T12:00:00+02:00').getTime()).toBe(Date.UTC(2030, 0, 31, 10))
  })
})

describe('an amount', () => {
  it('counts only in the right asset', () => {
    expect(amountIn(usd, 'incomingAmount', undefined)).toBeUndefined()
    expect(amountIn(usd, 'incomingAmount', { value: 5n, assetCode: 'USD', assetScale: 2 })).toBe(5n)
    expect(() => amountIn(usd, 'incomingAmount', { value: 5n, assetCode: 'USD', assetScale: 3 })).toThrow(
      'incomingAmount must be in USD with scale 2, found USD with scale 3',
    )
    expect(() => amountIn(usd, 'incomingAmount', { value: 5n, assetCode: 'EUR', assetScale: 2 })).toThrow('found EUR')
  })
})

describe('a limit', () => {
  it('is 1 to 100, and 20 when none is given', () => {
    expect([null, undefined, 1, 100].map(readLimit)).toEqual([20, 20, 1, 100])
    for (const wrong of [0, -1, 101]) expect(() => readLimit(wrong)).toThrow(`found ${wrong}`)
  })
})

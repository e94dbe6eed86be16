import { describe, expect, it } from 'vitest'
import { amount, metadata, time, u64, url } from './fields.js'

describe('an amount', () => {
  it('is an unsigned 64-bit number in a string', () => {
    expect(u64.parse('0')).toBe(0n)
    expect(u64.parse('18446744073709551615')).toBe(18446744073709551615n)
    expect(u64.parse('007')).toBe(7n)
  })

  for (const wrong of [
    '18446744073709551616',
    '99999999999999999999',
    '-1',
    '1.5',
    '',
    ' 7 ',
    '0x10',
    '1e3',
    '7\n',
    7,
    null,
    undefined,
  ]) {
    it(`is not ${JSON.stringify(wrong)}`, () => expect(u64.safeParse(wrong).success).toBe(false))
  }

  it('has an asset with a scale of one byte, and ignores what else it has', () => {
    const right = { value: '1', assetCode: 'USD', assetScale: 255 }
    expect(amount.parse({ ...right, note: 'x' })).toEqual({ value: 1n, assetCode: 'USD', assetScale: 255 })
    for (const wrong of [
      { assetScale: 256 },
      { assetScale: -1 },
      { assetScale: '2' },
      { assetScale: 1.5 },
      { assetCode: '' },
      { assetCode: 1 },
    ]) {
      expect(amount.safeParse({ ...right, ...wrong }).success).toBe(false)
    }
  })
})

describe('a time', () => {
  it('is RFC 3339 with a zone', () => {
    expect(time.parse('2030-01-31T12:00:00Z').getTime()).toBe(Date.UTC(2030, 0, 31, 12))
    expect(time.parse('2030-01-31T12:00:00.5+02:00').getTime()).toBe(Date.UTC(2030, 0, 31, 10, 0, 0, 500))
  })

  for (const wrong of [
    '2030-01-31',
    '2030-01-31T12:00:00',
    '2030-02-30T12:00:00Z',
    '2030-13-01T00:00:00Z',
    'tomorrow',
    1893456000,
    null,
  ]) {
    it(`is not ${JSON.stringify(wrong)}`, () => expect(time.safeParse(wrong).success).toBe(false))
  }
})

describe('a URL', () => {
  it('is http or https', () => {
    expect(url.parse('https://bank.example/alice')).toBe('https://bank.example/alice')
    expect(url.parse('http://127.0.0.1:3003/alice')).toBe('http://127.0.0.1:3003/alice')
  })

  for (const wrong of [
    '$bank.example/alice',
    'bank.example',
    'ftp://bank.example',
    'javascript:alert(1)',
    '',
    `https://a.example/${'x'.repeat(2048)}`,
  ]) {
    it(`is not ${wrong.slice(0, 30)}`, () => expect(url.safeParse(wrong).success).toBe(false))
  }
})

describe('metadata', () => {
  it('is an object', () => {
    expect(metadata.parse({ a: { b: [1] } })).toEqual({ a: { b: [1] } })
    for (const wrong of [[], 'a', 1, null]) expect(metadata.safeParse(wrong).success).toBe(false)
  })

  it('is neither endlessly deep nor endlessly long', () => {
    expect(metadata.safeParse({ a: JSON.parse('['.repeat(20_000) + ']'.repeat(20_000)) }).success).toBe(false)
    expect(metadata.safeParse({ a: 'x'.repeat(16_384) }).success).toBe(false)
  })
})

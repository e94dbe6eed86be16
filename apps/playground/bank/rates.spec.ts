import { describe, expect, it } from 'vitest'
import { convert, ratesBody } from './rates.js'

describe('the bank’s rates', () => {
  it('are answered as a node expects them', () => {
    expect(JSON.parse(ratesBody('USD') ?? '')).toEqual({ base: 'USD', rates: { EUR: 0.91 } })
    expect(ratesBody('XXX')).toBeUndefined()
  })

  it('buy 91.00 EUR for 100.00 USD and round down', () => {
    expect(convert(10_000n, 'USD', 'EUR')).toBe(9_100n)
    expect(convert(1n, 'USD', 'EUR')).toBe(0n)
    expect(convert(7n, 'USD', 'USD')).toBe(7n)
    expect(() => convert(1n, 'USD', 'JPY')).toThrow('no price from USD to JPY')
  })
})

import { describe, expect, it } from 'vitest'
import { parseRatesAnswer } from './rates-answer.js'

describe('parseRatesAnswer', () => {
  it('reads each rate from its text', () => {
    const { prices, unusable } = parseRatesAnswer('{"base":"USD","rates":{"EUR":1.1602,"ZAR":17.3792}}', 'USD')
    expect(prices.get('EUR')).toEqual({ numerator: 5801n, denominator: 5000n })
    expect(prices.get('ZAR')).toEqual({ numerator: 10862n, denominator: 625n })
    expect(unusable.size).toBe(0)
  })

  it('keeps digits that JSON.parse would round', () => {
    const { prices } = parseRatesAnswer('{"base":"XRP","rates":{"X":0.12345678901234567891}}', 'XRP')
    expect(prices.get('X')).toEqual({ numerator: 12345678901234567891n, denominator: 10n ** 20n })
  })

  it('takes decimals in quotes and small numbers in exponent form', () => {
    const { prices } = parseRatesAnswer('{"base":"USD","rates":{"BTC":1e-5,"EUR":"0.91"}}', 'USD')
    expect(prices.get('BTC')).toEqual({ numerator: 1n, denominator: 100_000n })
    expect(prices.get('EUR')).toEqual({ numerator: 91n, denominator: 100n })
  })

  it.each([
    ['0', '"0"'],
    ['-0.5', '"-0.5"'],
    ['null', 'null'],
    ['{}', 'expected a number'],
    ['true', 'true'],
    ['""', 'positive decimal'],
  ])('refuses the one currency whose rate is %s and keeps the others', (rate, why) => {
    const { prices, unusable } = parseRatesAnswer(`{"base":"USD","rates":{"EUR":0.91,"XXX":${rate}}}`, 'USD')
    expect(prices.has('EUR')).toBe(true)
    expect(prices.has('XXX')).toBe(false)
    expect(unusable.get('XXX')).toContain(why)
  })

  it.each([
    ['<html>', 'not JSON'],
    ['', 'not JSON'],
    ['[]', 'expected a JSON object'],
    ['12', 'expected a JSON object'],
    ['null', 'expected a JSON object'],
    ['{"rates":{"EUR":1}}', 'its base is undefined, asked was "USD"'],
    ['{"base":"EUR","rates":{"USD":1}}', 'its base is "EUR", asked was "USD"'],
    ['{"base":"USD"}', '"rates" is not an object'],
    ['{"base":"USD","rates":[1]}', '"rates" is not an object'],
    ['{"base":"USD","rates":1}', '"rates" is not an object'],
  ])('refuses the answer %s, saying why', (text, why) => {
    expect(() => parseRatesAnswer(text, 'USD')).toThrow(why)
  })
})

import { describe, expect, it } from 'vitest'
import { FixedRates } from './fixed-rates.js'

const TENANT = '00000000-0000-4000-8000-000000000001'

describe('FixedRates', () => {
  it('gives the price of the table', async () => {
    const rates = new FixedRates({ USD: { EUR: '0.91' } })
    expect(await rates.price(TENANT, 'USD', 'EUR')).toEqual({ numerator: 91n, denominator: 100n })
    expect(rates.peek(TENANT, 'USD', 'EUR')).toEqual({ numerator: 91n, denominator: 100n })
  })

  it('turns a pair over that is given one way only', async () => {
    const rates = new FixedRates({ USD: { EUR: '0.91' } })
    expect(await rates.price(TENANT, 'EUR', 'USD')).toEqual({ numerator: 100n, denominator: 91n })
  })

  it('keeps both ways where both are given, in whatever order', async () => {
    const rates = new FixedRates({ EUR: { USD: '1.08' }, USD: { EUR: '0.91' } })
    expect(await rates.price(TENANT, 'EUR', 'USD')).toEqual({ numerator: 27n, denominator: 25n })
    expect(await rates.price(TENANT, 'USD', 'EUR')).toEqual({ numerator: 91n, denominator: 100n })
  })

  it('knows that a currency is worth itself', async () => {
    expect(await new FixedRates({}).price(TENANT, 'JPY', 'JPY')).toEqual({ numerator: 1n, denominator: 1n })
  })

  it('names the pair that is missing and where to add it', async () => {
    const rates = new FixedRates({ USD: { EUR: '0.91' } })
    await expect(rates.price(TENANT, 'USD', 'JPY')).rejects.toMatchObject({
      kind: 'unavailable',
      reason: 'RatesUnavailable',
      message: expect.stringMatching(/USD to JPY.*EXCHANGE_RATES/),
    })
    expect(rates.peek(TENANT, 'USD', 'JPY')).toBeUndefined()
  })

  it('refuses a table with a price that is none', () => {
    expect(() => new FixedRates({ USD: { EUR: 'cheap' } })).toThrow('"cheap"')
  })
})

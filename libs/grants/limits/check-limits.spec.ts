import { describe, expect, it } from 'vitest'
import { checkPayment, checkRemaining, currentInterval } from './check-limits.js'
import { spentIn } from './spent-amounts.js'

const usd = (value: bigint) => ({ value, assetCode: 'USD', assetScale: 2 })
const eur = (value: bigint) => ({ value, assetCode: 'EUR', assetScale: 2 })
const payment = { id: 'p', receiver: 'https://b.example/1', debitAmount: usd(100n), receiveAmount: eur(91n) }
const none = { debitAmount: null, receiveAmount: null }
const beyond = (why: string) =>
  expect.objectContaining({ kind: 'forbidden', reason: 'BeyondGrant', message: expect.stringContaining(why) })

describe('a payment by itself', () => {
  it('fits limits that it just reaches, and none', () => {
    for (const limits of [{}, { debitAmount: usd(100n) }, { receiveAmount: eur(91n), receiver: payment.receiver }]) {
      expect(() => checkPayment(limits, payment)).not.toThrow()
    }
  })

  it.each([
    ['is more', { debitAmount: usd(99n) }, 'its debitAmount is 99, 0 of it is spent, and the payment needs 100'],
    ['delivers more', { receiveAmount: eur(90n) }, 'its receiveAmount is 90'],
    ['is in another asset', { debitAmount: eur(1_000n) }, 'in EUR of scale 2, and the payment’s'.replace('’', "'")],
    ['is in another scale', { debitAmount: { ...usd(1_000n), assetScale: 4 } }, 'in USD of scale 4'],
    ['is to another', { receiver: 'https://b.example/2' }, 'for the receiver https://b.example/2'],
    ['is under two limits', { debitAmount: usd(1_000n), receiveAmount: eur(1_000n) }, 'limits both'],
  ])('is refused if it %s', (_, limits, why) => {
    expect(() => checkPayment(limits, payment)).toThrow(beyond(why))
  })
})

describe('a payment after others', () => {
  const limits = { debitAmount: usd(250n) }
  it('fits into what is left, to the last', () => {
    expect(() => checkRemaining(limits, payment, none)).not.toThrow()
    expect(() => checkRemaining(limits, payment, { debitAmount: usd(150n), receiveAmount: eur(1n) })).not.toThrow()
    const spent = { debitAmount: usd(151n), receiveAmount: eur(1n) }
    expect(() => checkRemaining(limits, payment, spent)).toThrow(beyond('is 250, 151 of it is spent'))
  })
})

describe('the interval that counts', () => {
  const at = new Date('2026-02-10T00:00:00Z')
  it('is the one that covers the time', () => {
    expect(currentInterval({}, at)).toBeUndefined()
    expect(currentInterval({ interval: 'R/2026-01-01T00:00:00Z/P1M' }, at)).toEqual({
      startMs: Date.parse('2026-02-01T00:00:00Z'),
      endMs: Date.parse('2026-03-01T00:00:00Z'),
    })
  })

  it('must be there', () => {
    expect(() => currentInterval({ interval: 'R1/2026-01-01T00:00:00Z/P1M' }, at)).toThrow(beyond('does not cover'))
    expect(() => currentInterval({ interval: 'monthly' }, at)).toThrow(beyond('"monthly" is no repeating interval'))
  })
})

describe('what is spent', () => {
  const totals = [
    { debitAmount: usd(100n), receiveAmount: eur(91n) },
    { debitAmount: usd(50n), receiveAmount: usd(49n) },
  ]
  it('is nothing before the first payment', () => {
    expect(spentIn([], { debitAmount: usd(5n) })).toEqual(none)
  })

  it('is one number where there is one asset, and none where assets differ', () => {
    expect(spentIn(totals, {})).toEqual({ debitAmount: usd(150n), receiveAmount: null })
    expect(spentIn(totals.slice(0, 1), {})).toEqual({ debitAmount: usd(100n), receiveAmount: eur(91n) })
  })

  it('is in the asset of the limit where one is set', () => {
    expect(spentIn(totals, { receiveAmount: eur(500n) })).toEqual({ debitAmount: usd(150n), receiveAmount: eur(91n) })
  })
})

import { ManualClock } from '@kivuko/platform'
import pino from 'pino'
import { beforeEach, describe, expect, it } from 'vitest'
import { HttpRates } from './http-rates.js'
import type { RatesTable } from './rates-answer.js'
import { parseDecimal } from './ratio.js'

const TENANT = '00000000-0000-4000-8000-000000000001'
const OTHER_TENANT = '00000000-0000-4000-8000-000000000002'
const LIFETIME_MS = 15_000
const MAX_AGE_MS = 60_000

interface Call {
  readonly url: string
  readonly base: string
  answer(price: string): void
  fail(message: string): void
}

let clock: ManualClock
let calls: Call[]
let rates: HttpRates
let url: string

beforeEach(() => {
  clock = new ManualClock(1_000_000)
  calls = []
  url = 'http://rates.test/'
  rates = new HttpRates({
    clock,
    logger: pino({ level: 'silent' }),
    lifetimeMs: LIFETIME_MS,
    maxAgeMs: MAX_AGE_MS,
    urlFor: async (tenantId) => (tenantId === OTHER_TENANT ? undefined : url),
    request: (url, base) =>
      new Promise((resolve, reject) => {
        const answer = (price: string) => resolve(table(price))
        calls.push({ url, base, answer, fail: (message) => reject(new Error(message)) })
      }),
  })
})

function table(price: string): RatesTable {
  return { prices: new Map([['EUR', parseDecimal(price)]]), unusable: new Map([['XXX', 'The rate is null']]) }
}

async function call(index: number): Promise<Call> {
  await new Promise((resolve) => setImmediate(resolve))
  const found = calls[index]
  if (!found) throw new Error(`expected ${index + 1} calls, there were ${calls.length}`)
  return found
}

/** Fills the memory with a first answer. */
async function warm(price: string): Promise<void> {
  const first = rates.price(TENANT, 'USD', 'EUR')
  const asked = await call(calls.length)
  asked.answer(price)
  await first
}

describe('HttpRates', () => {
  it('uses nothing of a service that the tenant has turned away from, however fresh', async () => {
    await warm('0.9')
    expect(rates.peek(TENANT, 'USD', 'EUR')).toEqual(parseDecimal('0.9'))
    url = 'http://other.test/'
    clock.advance(250)
    rates.peek(TENANT, 'USD', 'EUR')
    await new Promise((resolve) => setImmediate(resolve))
    expect(rates.peek(TENANT, 'USD', 'EUR')).toBeUndefined()
    const price = rates.price(TENANT, 'USD', 'EUR')
    const asked = await call(1)
    expect(asked.url).toBe('http://other.test/')
    asked.answer('0.5')
    expect(await price).toEqual(parseDecimal('0.5'))
  })

  it('asks the tenant’s service for the base and gives its price', async () => {
    const price = rates.price(TENANT, 'USD', 'EUR')
    const asked = await call(0)
    asked.answer('0.91')
    expect(await price).toEqual({ numerator: 91n, denominator: 100n })
    expect(asked).toMatchObject({ url: 'http://rates.test/', base: 'USD' })
  })

  it('asks nobody about one and the same currency', async () => {
    expect(await rates.price(OTHER_TENANT, 'USD', 'USD')).toEqual({ numerator: 1n, denominator: 1n })
    expect(rates.peek(OTHER_TENANT, 'USD', 'USD')).toEqual({ numerator: 1n, denominator: 1n })
    expect(calls).toHaveLength(0)
  })

  it('asks once for many who want to know at the same time', async () => {
    const wanted = Promise.all(Array.from({ length: 50 }, () => rates.price(TENANT, 'USD', 'EUR')))
    const asked = await call(0)
    asked.answer('0.91')
    await wanted
    expect(calls).toHaveLength(1)
  })

  it('does not ask again within the lifetime', async () => {
    await warm('0.91')
    clock.advance(LIFETIME_MS)
    await rates.price(TENANT, 'USD', 'EUR')
    await new Promise((resolve) => setImmediate(resolve))
    expect(calls).toHaveLength(1)
  })

  it('past the lifetime answers at once from memory and asks in the background', async () => {
    await warm('0.91')
    clock.advance(LIFETIME_MS + 1)
    expect(await rates.price(TENANT, 'USD', 'EUR')).toEqual(parseDecimal('0.91'))
    const asked = await call(1)
    asked.answer('0.92')
    await call(1)
    expect(rates.peek(TENANT, 'USD', 'EUR')).toEqual(parseDecimal('0.92'))
  })

  it('past the greatest age waits for a new answer', async () => {
    await warm('0.91')
    clock.advance(MAX_AGE_MS + 1)
    const price = rates.price(TENANT, 'USD', 'EUR')
    const asked = await call(1)
    asked.answer('0.92')
    expect(await price).toEqual(parseDecimal('0.92'))
  })

  it('counts the age of an answer from the question', async () => {
    const first = rates.price(TENANT, 'USD', 'EUR')
    const asked = await call(0)
    clock.advance(MAX_AGE_MS + 1)
    asked.answer('0.91')
    await first
    expect(rates.peek(TENANT, 'USD', 'EUR')).toBeUndefined()
  })

  it('peek gives nothing before the first answer, and asks for it', async () => {
    expect(rates.peek(TENANT, 'USD', 'EUR')).toBeUndefined()
    const asked = await call(0)
    asked.answer('0.91')
    await call(0)
    expect(rates.peek(TENANT, 'USD', 'EUR')).toEqual(parseDecimal('0.91'))
  })

  it('peek gives nothing past the greatest age', async () => {
    await warm('0.91')
    clock.advance(MAX_AGE_MS + 1)
    expect(rates.peek(TENANT, 'USD', 'EUR')).toBeUndefined()
  })

  it('keeps answering from memory while the service is down, up to the greatest age', async () => {
    await warm('0.91')
    clock.advance(LIFETIME_MS + 1)
    const stale = rates.price(TENANT, 'USD', 'EUR')
    const second = await call(1)
    second.fail('connection refused')
    expect(await stale).toEqual(parseDecimal('0.91'))
    await call(1)
    clock.advance(MAX_AGE_MS)
    const tooOld = rates.price(TENANT, 'USD', 'EUR')
    const third = await call(2)
    third.fail('connection refused')
    await expect(tooOld).rejects.toThrow('connection refused')
  })

  it('asks a failing service at most once a second', async () => {
    const first = rates.price(TENANT, 'USD', 'EUR')
    const asked = await call(0)
    asked.fail('connection refused')
    await expect(first).rejects.toThrow('connection refused')
    await expect(rates.price(TENANT, 'USD', 'EUR')).rejects.toThrow('connection refused')
    expect(rates.peek(TENANT, 'USD', 'EUR')).toBeUndefined()
    expect(calls).toHaveLength(1)
    clock.advance(1_000)
    const again = rates.price(TENANT, 'USD', 'EUR')
    const repeated = await call(1)
    repeated.answer('0.91')
    expect(await again).toEqual(parseDecimal('0.91'))
  })

  it('says which currency the service does not price, and why', async () => {
    await warm('0.91')
    await expect(rates.price(TENANT, 'USD', 'JPY')).rejects.toMatchObject({
      kind: 'unavailable',
      reason: 'RatesUnavailable',
      message: expect.stringMatching(/USD to JPY: JPY is not in its answer/),
    })
    await expect(rates.price(TENANT, 'USD', 'XXX')).rejects.toThrow('The rate is null')
  })

  it('says what to set when a tenant has no rates service', async () => {
    await expect(rates.price(OTHER_TENANT, 'USD', 'EUR')).rejects.toMatchObject({
      kind: 'unavailable',
      reason: 'RatesUnavailable',
      message: expect.stringContaining('EXCHANGE_RATES_URL'),
    })
  })
})

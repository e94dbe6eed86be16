import { createServer, type RequestListener, type Server } from 'node:http'
import { createLogger, loadConfig, SystemClock } from '@kivuko/platform'
import { FixedRates, HttpRates, type Rates, requestRates } from '@kivuko/rates'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { timed } from '../harness/tries.js'

const TENANT = '00000000-0000-4000-8000-000000000001'
const { config } = loadConfig({ LOG_LEVEL: 'silent' })

let server: Server
let url: string
let respond: RequestListener
let asked: string[]

beforeEach(async () => {
  asked = []
  respond = (_request, response) => response.end('{"base":"USD","rates":{"EUR":0.91}}')
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    respond(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  url = `http://127.0.0.1:${address.port}/rates?key=secret`
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

function httpRates(): Rates {
  return new HttpRates({
    clock: new SystemClock(),
    logger: createLogger(config),
    lifetimeMs: 15_000,
    maxAgeMs: 60_000,
    urlFor: async () => url,
    request: requestRates,
  })
}

const adapters = [
  { name: 'HttpRates', open: httpRates },
  { name: 'FixedRates', open: () => new FixedRates({ USD: { EUR: '0.91' } }) },
]

for (const { name, open } of adapters) {
  describe(`rates by ${name}`, () => {
    it('gives the exact price, and then from memory', async () => {
      const rates = open()
      expect(await rates.price(TENANT, 'USD', 'EUR')).toEqual({ numerator: 91n, denominator: 100n })
      expect(rates.peek(TENANT, 'USD', 'EUR')).toEqual({ numerator: 91n, denominator: 100n })
    })

    it('takes a currency as worth itself', async () => {
      const rates = open()
      expect(await rates.price(TENANT, 'JPY', 'JPY')).toEqual({ numerator: 1n, denominator: 1n })
      expect(rates.peek(TENANT, 'JPY', 'JPY')).toEqual({ numerator: 1n, denominator: 1n })
    })

    it('says which pair is missing', async () => {
      const rates = open()
      const missing = {
        kind: 'unavailable',
        reason: 'RatesUnavailable',
        message: expect.stringContaining('USD to GBP'),
      }
      await expect(rates.price(TENANT, 'USD', 'GBP')).rejects.toMatchObject(missing)
      expect(rates.peek(TENANT, 'USD', 'GBP')).toBeUndefined()
    })
  })
}

describe('a rates service', () => {
  it('is asked with the base beside its own parameters', async () => {
    await httpRates().price(TENANT, 'USD', 'EUR')
    expect(asked).toEqual(['GET /rates?key=secret&base=USD'])
  })

  it.each([
    ['an error', 500, '{}', 'it answered with status 500, expected 200'],
    ['nothing to say', 204, '', 'it answered with status 204, expected 200'],
    ['a redirect', 302, '', 'it answered with status 302, expected 200'],
    ['no JSON', 200, '<html></html>', 'it is not JSON'],
    ['another base', 200, '{"base":"EUR","rates":{"USD":1.1}}', 'its base is "EUR", asked was "USD"'],
    ['too much', 200, `{"base":"USD","rates":{}}${' '.repeat(300_000)}`, 'longer than 262144 bytes'],
  ])('that answers %s is refused, saying why and where, but not its key', async (_case, status, body, why) => {
    respond = (_request, response) => response.writeHead(status, { location: '/elsewhere' }).end(body)
    const refusal = await requestRates(url, 'USD').catch((error: unknown) => error)
    expect(refusal).toMatchObject({ kind: 'unavailable', reason: 'RatesUnavailable' })
    expect(`${refusal}`).toContain(why)
    expect(`${refusal}`).toContain('/rates')
    expect(`${refusal}`).not.toContain('secret')
  })

  it('that never answers is given up after five seconds', { ...timed, timeout: 10_000 }, async () => {
    respond = () => undefined
    const startedMs = performance.now()
    await expect(requestRates(url, 'USD')).rejects.toThrow('no answer within 5000 ms')
    expect(performance.now() - startedMs).toBeLessThan(7_000)
  })

  it('that is not there is named', async () => {
    await expect(requestRates('http://127.0.0.1:1/', 'USD')).rejects.toThrow(/127\.0\.0\.1:1.*ECONNREFUSED/)
  })
})

import type { Ledger } from '@kivuko/accounting'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { OfficialSpec } from '../contracts/doors/open-payments-spec.js'
import { type OpenPaymentsDoor, openDoor } from '../contracts/grants/open-payments-process.js'
import { SigningClient } from '../harness/authorization-server-client.js'
import { TENANT_ID } from '../harness/node-settings.js'
import { times, whole } from '../harness/run-form.js'
import { runSeed } from '../harness/seed.js'
import { random } from '../harness/tries.js'
import { type Answer, answered, Tally } from './bounds.js'
import { hostileHeaders, rawCases, withHeaders } from './raw-cases.js'
import { holdConnections, type RawAnswer, sendRaw } from './raw-requests.js'
import { type Known, type RestCall, restCalls } from './rest-calls.js'

const CALLS = times(300, 10_000)
const HEADER_SETS = times(300, 10_000)
const HELD = whole(200, 2_000)
const LONG_MS = 3_600_000
const noSuchReceiver = z.strictObject({ id: z.literal('InvalidReceiverError'), message: z.string() })
const errorBody = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    description: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
})
const resource = z.object({ id: z.string() })
const usd = (value: string) => ({ value, assetCode: 'USD', assetScale: 2 })

let door: OpenPaymentsDoor
let shop: SigningClient
let spec: OfficialSpec
let token: string
let known: Known

beforeAll(async () => {
  spec = await OfficialSpec.read()
  door = await openDoor({ LOG_LEVEL: 'fatal' })
  shop = await SigningClient.start()
  token = door.issue({ client: shop.walletAddress })
  const [mine, neighbours] = [door.alice.mine.address, door.alice.neighbours.address]
  const incoming = await create('/incoming-payments', { walletAddress: neighbours })
  const quote = { walletAddress: mine, receiver: incoming, method: 'ilp', debitAmount: usd('10') }
  const quotes = [await create('/quotes', quote), await create('/quotes', quote)]
  const outgoing = await create('/outgoing-payments', { walletAddress: mine, quoteId: quotes[0] })
  known = {
    walletAddress: [mine, mine, neighbours, neighbours, door.olga.mine.address],
    'wallet-address': [mine, neighbours, door.olga.mine.address],
    receiver: [incoming, `${door.url}/nobody`],
    incomingPayment: [incoming],
    quoteId: quotes,
    assetCode: ['USD', 'USD', 'EUR'],
    assetScale: [2],
    'incoming-payments': [idIn(incoming)],
    quotes: quotes.map(idIn),
    'outgoing-payments': [idIn(outgoing)],
    cursor: [idIn(incoming), idIn(outgoing)],
  }
})
afterAll(async () => {
  await door?.close()
  await shop?.close()
})

async function create(path: string, body: object): Promise<string> {
  const response = await shop.call(`${door.base()}${path}`, { method: 'POST', token, body: JSON.stringify(body) })
  expect(response.status).toBe(201)
  return resource.parse(await response.json()).id
}

const idIn = (url: string) => url.split('/').at(-1) ?? ''

async function send({ operation, path, body }: RestCall): Promise<Answer> {
  // As it goes out: what fetch makes of dots and escapes is what is signed.
  const { href: url } = new URL(`${door.base()}${path}`)
  const method = operation.startsWith('post') ? 'POST' : 'GET'
  const call = { token, ...(method === 'POST' && body && { body }) }
  return answered(`${method} ${url}\n${body}`, () => shop.call(url, { method, ...call }))
}

/** What the official files say of this answer, where they say anything; every error has their error's form. */
async function expectDocumented({ operation }: RestCall, { status, text, type }: Answer): Promise<void> {
  if (status < 400) await spec.check(operation, new Response(text, { status }))
  // A path that leads to no resource is a wallet address that is not here: the one 404 without a body.
  else if (!(status === 404 && text === '')) {
    expect(type).toMatch(/^application\/json/)
    expect(errorBody.parse(JSON.parse(text)).error.code).toBe(`${status}`)
  }
}

const sumsOf = async (ledger: Ledger) => (await ledger.totals()).map(({ accounts: _, ...sums }) => sums)

describe('hostile callers of the Open Payments door', random, () => {
  it(
    `get an answer of the specification to each of ${CALLS} calls with every right and a valid signature`,
    async () => {
      const tally = new Tally()
      const before = await sumsOf(door.ledger)
      const property = fc.asyncProperty(await restCalls(known), async (call) => {
        const answer = await send(call)
        tally.add(answer.status)
        expect(answer.status, answer.text).not.toBe(401)
        await expectDocumented(call, answer)
      })
      await fc.assert(property, { seed: runSeed(), numRuns: CALLS, endOnFailure: true })
      console.log(`Open Payments answered ${tally}`)
      // The calls reach what lies behind the guards, and some of them are right.
      for (const status of [200, 400, 404]) expect(tally.of(status), `answers with ${status}`).toBeGreaterThan(0)
      expect(await sumsOf(door.ledger)).toEqual(before)
      await create('/incoming-payments', { walletAddress: door.alice.mine.address })
    },
    LONG_MS,
  )

  it(
    `with ${HEADER_SETS} sets of malformed headers are refused, and told so in the specification's form`,
    async () => {
      const paths = [
        '/alice',
        '/alice/jwks.json',
        `/${TENANT_ID}/incoming-payments`,
        `/${TENANT_ID}/quotes/x`,
        '/%61lice',
      ]
      const cases = fc.tuple(fc.constantFrom('GET', 'POST'), fc.constantFrom(...paths), hostileHeaders)
      const property = fc.asyncProperty(cases, async ([method, path, headers]) => {
        expectRefusal(`${method} ${path}\n${headers}`, await sendRaw(door.url, withHeaders(method, path, headers)))
      })
      await fc.assert(property, { seed: runSeed(), numRuns: HEADER_SETS, endOnFailure: true })
    },
    LONG_MS,
  )

  it.each(rawCases(`/${TENANT_ID}/quotes`))('that send %s are refused at once', async (what, bytes) => {
    expectRefusal(what, await sendRaw(door.url, bytes))
  })

  it('that begin requests and do not end them are cut off, and keep nobody waiting', async () => {
    const begin = `POST /${TENANT_ID}/quotes HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`
    const cutOff = Promise.all([begin, begin.slice(0, 40)].map((slow) => sendRaw(door.url, slow)))
    const held = await holdConnections(door.url, HELD, begin)
    const answer = await answered('a wallet address', () => fetch(door.alice.mine.address))
    expect(answer.status).toBe(200)
    held.close()
    for (const { status, body } of await cutOff) {
      expect(status).toBe(408)
      expectRefusal('a slow request', { status, body })
    }
  })
})

/** Nothing that these callers ask for is given but what everybody may read; every refusal has the specification's form. */
function expectRefusal(what: string, { status, body }: RawAnswer): void {
  const shown = `${what.slice(0, 1_000)}\n→ ${status} ${body.slice(0, 500)}`
  expect(status, shown).toBeLessThan(500)
  if (status < 400 || body === '') return
  const error: unknown = JSON.parse(body)
  // RFC 9 has a form of its own for its 404.
  if (status === 404 && noSuchReceiver.safeParse(error).success) return
  const { success, data } = errorBody.safeParse(error)
  expect([success, data?.error.code], shown).toEqual([true, `${status}`])
}

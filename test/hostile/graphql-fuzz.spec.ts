import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { AdminClient, signature } from '../harness/admin-client.js'
import { openAsset, openCustomer } from '../harness/network.js'
import { startNode, type TestNode } from '../harness/node.js'
import { ADMIN_SECRET, TENANT_ID } from '../harness/node-settings.js'
import { times, whole } from '../harness/run-form.js'
import { runSeed } from '../harness/seed.js'
import { random } from '../harness/tries.js'
import { AdminOperations } from '../walk/admin-operations.js'
import { type Answer, answered, Tally } from './bounds.js'
import { type GraphqlBody, graphqlCalls, type Known } from './graphql-calls.js'
import { hostileHeaders, rawCases, withHeaders } from './raw-cases.js'
import { holdConnections, sendRaw } from './raw-requests.js'

const CALLS = times(400, 10_000)
const HEADER_SETS = times(150, 10_000)
const HELD = whole(200, 2_000)
const LONG_MS = 3_600_000

const answer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }) })).optional(),
})

let node: TestNode
let client: AdminClient
let calls: fc.Arbitrary<GraphqlBody>

beforeAll(async () => {
  node = await startNode({ name: 'fuzz', env: { LOG_LEVEL: 'fatal' } })
  client = new AdminClient({ url: node.adminUrl, secret: ADMIN_SECRET, tenantId: TENANT_ID })
  calls = graphqlCalls(await AdminOperations.offeredTo(client), await knownValues())
})
afterAll(() => node?.stop())

/** Objects of the node, under the names of the arguments that take them: the calls get past what is unknown. */
async function knownValues(): Promise<Known> {
  const usd = await openAsset(node, 'USD', 2)
  const [alice, andy] = [await openCustomer(node, 'alice', usd), await openCustomer(node, 'andy', usd)]
  const peerId = await node.admin.createPeer({
    ...{ assetId: usd.id, staticIlpAddress: 'test.peer', name: 'peer', endpoint: 'http://127.0.0.1:9' },
    ...{ outgoingToken: 'to-it', incomingToken: 'from-it' },
  })
  const { id: receiver } = await node.admin.createReceiver(andy.url)
  const quote = await node.admin.createQuote({
    ...{ walletAddressId: alice.walletAddressId, receiver },
    debitAmount: { value: 100n, assetCode: 'USD', assetScale: 2 },
  })
  const ids = [usd.id, alice.walletAddressId, peerId, quote.id, receiver.split('/').at(-1)]
  return {
    id: ids,
    assetId: [usd.id],
    walletAddressId: [alice.walletAddressId],
    walletAddressUrl: [alice.url, andy.url],
    url: [alice.url, `${node.openPaymentsUrl}/new`],
    peerId: [peerId],
    quoteId: [quote.id],
    receiver: [receiver],
    incomingPayment: [receiver],
    assetCode: ['USD'],
    code: ['USD', 'EUR'],
    scale: [2],
    assetScale: [2],
    tenantId: [TENANT_ID],
    after: ids,
    before: ids,
    endpoint: ['http://127.0.0.1:9'],
  }
}

function send(body: GraphqlBody): Promise<Answer> {
  const text = JSON.stringify(body) ?? ''
  const headers = {
    'content-type': 'application/json',
    'tenant-id': TENANT_ID,
    signature: signature(ADMIN_SECRET, JSON.parse(text)),
  }
  return answered(text, () => fetch(node.adminUrl, { method: 'POST', headers, body: text }))
}

const MEMBERS: ReadonlySet<string> = new Set(['query', 'variables', 'operationName'])
const isCall = (body: GraphqlBody) =>
  typeof body === 'object' && body !== null && 'query' in body && Object.keys(body).every((name) => MEMBERS.has(name))

/** Never a word of what went wrong inside, and never a thing that went wrong inside. Answers the codes of its errors. */
function codesIn(body: GraphqlBody, { status, text, type }: Answer): string[] {
  expect(type).toMatch(/^application\/(json|graphql-response\+json)/)
  const shown = `${JSON.stringify(body).slice(0, 3_000)}\n→ ${status} ${text.slice(0, 1_000)}`
  const whole: unknown = JSON.parse(text)
  const codes = (Array.isArray(whole) ? whole : [whole]).flatMap((each) => {
    const { success, data } = answer.safeParse(each)
    expect(success, shown).toBe(true)
    return (data?.errors ?? []).map(({ extensions }) => extensions.code)
  })
  expect(codes, shown).not.toContain('INTERNAL_SERVER_ERROR')
  return codes
}

describe('hostile callers of the admin door', random, () => {
  it(
    `get an answer to each of ${CALLS} signed calls, and an error with a code where it is refused`,
    async () => {
      const tally = new Tally()
      const property = fc.asyncProperty(calls, async (body) => {
        const codes = codesIn(body, await send(body))
        // Only what is no call at all has no signature that holds.
        if (codes.includes('UNAUTHENTICATED')) expect(isCall(body), JSON.stringify(body)).toBe(false)
        for (const code of codes.length === 0 ? ['answered'] : codes) tally.add(code)
      })
      await fc.assert(property, { seed: runSeed(), numRuns: CALLS, endOnFailure: true })
      console.log(`admin answered ${tally}`)
      for (const code of [
        'answered',
        'BAD_USER_INPUT',
        'NOT_FOUND',
        'GRAPHQL_PARSE_FAILED',
        'GRAPHQL_VALIDATION_FAILED',
      ])
        expect(tally.of(code), code).toBeGreaterThan(0)
      // Some calls have moved money; what they moved is all there, and the node goes on.
      const { findings } = await node.audit()
      expect(findings).toEqual([])
      await openAsset(node, 'MXN', 2)
    },
    LONG_MS,
  )

  it(
    `with ${HEADER_SETS} sets of malformed headers, or without a signature, are told nothing but that`,
    async () => {
      const property = fc.asyncProperty(hostileHeaders, async (headers) => {
        const { status, body } = await sendRaw(node.adminUrl, withHeaders('POST', '/graphql', headers))
        // Node itself refuses more headers than it reads.
        if (status !== 431)
          expect([status, body, headers]).toEqual([401, expect.stringContaining('UNAUTHENTICATED'), headers])
      })
      await fc.assert(property, { seed: runSeed(), numRuns: HEADER_SETS, endOnFailure: true })
    },
    LONG_MS,
  )

  it.each(rawCases('/graphql'))('that send %s are refused at once', async (what, bytes) => {
    const { status, body } = await sendRaw(node.adminUrl, bytes)
    expect(status, `${what}\n→ ${status} ${body}`).toBeLessThan(500)
    expect(status === 0 || status >= 400 || what === 'a whole URL', `${what}\n→ ${status} ${body}`).toBe(true)
  })

  it('that begin calls and do not end them are cut off, and keep nobody waiting', async () => {
    const begin = 'POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{'
    const cutOff = sendRaw(node.adminUrl, begin)
    const held = await holdConnections(node.adminUrl, HELD, begin)
    await openAsset(node, 'JPY', 0)
    held.close()
    // A stranger's body is not waited for.
    expect((await cutOff).status).toBe(401)
  })
})

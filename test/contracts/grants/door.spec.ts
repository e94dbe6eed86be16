import { generateKeyPairSync } from 'node:crypto'
import { depositLegs, idFromUuid } from '@kivuko/accounting'
import { SystemClock } from '@kivuko/platform'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type SignedCall, SigningClient } from '../../harness/authorization-server-client.js'
import { DEV_TOKEN, TENANT_ID } from '../../harness/node-settings.js'
import { timed } from '../../harness/tries.js'
import { idOf, idsIn, refusal } from './answers.js'
import { EVERYTHING, type OpenPaymentsDoor, OTHER_TENANT, openDoor } from './open-payments-process.js'

let door: OpenPaymentsDoor
let shop: SigningClient
let thief: SigningClient

beforeAll(async () => {
  door = await openDoor()
  shop = await SigningClient.start()
  thief = await SigningClient.start()
})
afterEach(() => {
  door.authorizationServer.misbehaviour = undefined
})
afterAll(async () => {
  await door?.close()
  await shop?.close()
  await thief?.close()
})

const NOWHERE = '00000000-0000-4000-8000-000000000000'
const attacker = generateKeyPairSync('ed25519').privateKey
const inSeconds = (seconds: number) => Math.floor(new SystemClock().nowMs() / 1_000) + seconds

const asFor = (tenantId = TENANT_ID) => `GNAP as_uri=${door.authorizationServer.grantUrl}/${tenantId}`
const incoming = (walletAddress = door.alice.mine.address) => JSON.stringify({ walletAddress })
const incomingPayments = (tenantId?: string) => `${door.base(tenantId)}/incoming-payments`
const create = (token: string, call = {}, client = shop) =>
  client.call(incomingPayments(), { method: 'POST', token, body: incoming(), ...call })

/** Every route that asks for a token, as it would be called rightly. */
const routes = () => {
  const list = `?wallet-address=${encodeURIComponent(door.alice.mine.address)}`
  const base = door.base()
  return [
    { method: 'POST', url: `${base}/incoming-payments`, body: incoming() },
    { method: 'GET', url: `${base}/incoming-payments${list}` },
    { method: 'GET', url: `${base}/incoming-payments/${NOWHERE}`, hasPublicView: true },
    { method: 'POST', url: `${base}/incoming-payments/${NOWHERE}/complete` },
    { method: 'POST', url: `${base}/quotes`, body: incoming() },
    { method: 'GET', url: `${base}/quotes/${NOWHERE}` },
    { method: 'POST', url: `${base}/outgoing-payments`, body: incoming() },
    { method: 'GET', url: `${base}/outgoing-payments${list}` },
    { method: 'GET', url: `${base}/outgoing-payments/${NOWHERE}` },
    { method: 'GET', url: `${base}/outgoing-payment-grant` },
  ] as const satisfies { method: 'GET' | 'POST'; url: string; body?: string; hasPublicView?: boolean }[]
}
const ROUTES = 10

describe('a client with a grant', () => {
  it('is let in by the key at its wallet address', async () => {
    const token = door.issue({ client: shop.walletAddress })
    const response = await create(token)
    expect(response.status).toBe(201)
    const id = await idOf(response)
    expect((await shop.call(id, { token })).status).toBe(200)
    const list = `${incomingPayments()}?wallet-address=${encodeURIComponent(door.alice.mine.address)}`
    expect((await shop.call(list, { token })).status).toBe(200)
    expect((await shop.call(`${id}/complete`, { method: 'POST', token })).status).toBe(200)
  })

  it('reads all that the ledger has credited, also while the row is behind', async () => {
    const token = door.issue({ client: shop.walletAddress })
    const body = JSON.stringify({
      walletAddress: door.alice.mine.address,
      incomingAmount: { value: '500', assetCode: 'USD', assetScale: 2 },
    })
    const url = await idOf(await create(token, { body }))
    const id = url.split('/').at(-1) ?? ''
    // As a process leaves it that was killed after the credit.
    const { asset } = door.alice.mine
    const credit = (amount: bigint) =>
      door.ledger.transfer(depositLegs({ id: amount, accountId: idFromUuid(id), asset, amount }))
    await door.database.query(
      `update incoming_payments set created_at = created_at - interval '1 minute' where id = $1`,
      [id],
    )
    expect(await credit(200n)).toMatchObject({ kind: 'accepted' })
    const read = async (call: SignedCall): Promise<unknown> => (await shop.call(url, call)).json()
    expect(await read({ token })).toMatchObject({ receivedAmount: { value: '200' }, completed: false })
    expect(await read({})).toMatchObject({ receivedAmount: { value: '200' } })
    expect(await credit(300n)).toMatchObject({ kind: 'accepted' })
    // Another signature than a second ago: each is taken once.
    const paid = await read({ token, signing: { createdAgoSeconds: 5 } })
    expect(paid).toMatchObject({ receivedAmount: { value: '500' }, completed: true, methods: [] })
  })

  it('is let in by its wallet address in an object, and by the key in its grant', async () => {
    expect((await create(door.issue({ client: { walletAddress: shop.walletAddress } }))).status).toBe(201)
    expect((await create(door.issue({ client: { jwk: shop.jwk } }))).status).toBe(201)
  })

  it('may write its body as it likes: what counts is its bytes', async () => {
    const body = `{\n  "walletAddress" : "${door.alice.mine.address}",\n  "metadata": { "b": 1.0, "a": "\\u00e9" }\n}\n`
    expect((await create(door.issue({ client: shop.walletAddress }), { body })).status).toBe(201)
  })

  it('is asked about with the right that matters', async () => {
    const token = door.issue({ client: shop.walletAddress })
    await create(token)
    expect(door.authorizationServer.asked.at(-1)).toEqual({
      access_token: token,
      access: [{ type: 'incoming-payment', actions: ['create'], identifier: door.alice.mine.address }],
    })
  })

  it('is asked about with all its rights where the wallet address of an outgoing payment is not known', async () => {
    const token = door.issue({ client: shop.walletAddress })
    expect((await shop.call(`${door.base()}/outgoing-payments/${NOWHERE}`, { token })).status).toBe(404)
    expect(door.authorizationServer.asked.at(-1)).toEqual({ access_token: token })
  })

  it('has its key fetched once for many requests', async () => {
    const token = door.issue({ client: shop.walletAddress })
    await create(token)
    const before = shop.keysAsked
    await Promise.all([create(token), create(token), create(token)])
    expect(shop.keysAsked).toBe(before)
  })
})

describe.each(Array.from({ length: ROUTES }, (_, index) => index))('the route %i of the resource server', (index) => {
  const route = () => {
    const found = routes()[index]
    if (found === undefined) throw new Error(`there is no route ${index}`)
    return found
  }
  const call = (changes = {}, client = shop) => client.call(route().url, { ...route(), ...changes })

  it('is in the list, and the list is whole', () => expect(routes()).toHaveLength(ROUTES))

  it('is closed without a token, unless it has a public view', async () => {
    const expected = 'hasPublicView' in route() ? 404 : 401
    const headers = { 'content-type': 'application/json' }
    expect((await fetch(route().url, { ...route(), headers })).status).toBe(expected)
  })

  it('is closed to an unknown token, to an unsigned request, and to a token in other hands', async () => {
    const token = door.issue({ client: shop.walletAddress })
    expect(await refusal(await call({ token: 'unknown' }))).toMatchObject({ status: 401, description: 'Invalid Token' })
    const headers = { authorization: `GNAP ${token}`, 'content-type': 'application/json' }
    const { method, url } = route()
    const unsigned = await fetch(url, { method, headers, body: 'body' in route() ? incoming() : undefined })
    expect(await refusal(unsigned)).toMatchObject({
      status: 401,
      description: 'Signature validation error: the header signature-input is missing',
      grantAt: asFor(),
    })
    const stolen = await refusal(await call({ token }, thief))
    expect(stolen.description).toMatch(/^Signature validation error: sig1: the signature is not the client's/)
  })

  it('is closed to an old signature', async () => {
    const token = door.issue({ client: shop.walletAddress })
    const old = await refusal(await call({ token, signing: { createdAgoSeconds: 302 } }))
    expect(old).toMatchObject({ status: 401, description: expect.stringContaining('more than 300 seconds ago') })
  })

  it('is closed to a token of another tenant', async () => {
    const token = door.issue({ client: shop.walletAddress }, OTHER_TENANT)
    expect(await refusal(await call({ token }))).toMatchObject({ status: 403, description: 'Insufficient Grant' })
  })

  it('is closed to a token without rights', async () => {
    const token = door.issue({ client: shop.walletAddress, access: [] })
    expect(await refusal(await call({ token }))).toEqual({
      status: 403,
      code: '403',
      description: 'Insufficient Grant',
      why: expect.stringContaining('the token has no right to'),
      grantAt: asFor(),
    })
  })

  it('is not closed to a token with every right', async () => {
    const token = door.issue({ client: shop.walletAddress })
    expect([200, 201, 400, 404]).toContain((await call({ token })).status)
  })
})

describe('a request is refused with 401', () => {
  it.each<[string, object, string]>([
    ['its body was changed', { sent: { body: '{"walletAddress":"x"}' } }, 'the sha-512 digest is not that of the body'],
    ['its method was not covered', { signing: { without: ['@method'] } }, 'it does not cover "@method"'],
    ['its URL was not covered', { signing: { without: ['@target-uri'] } }, 'it does not cover "@target-uri"'],
    ['its token was not covered', { signing: { without: ['authorization'] } }, 'it does not cover "authorization"'],
    ['its body was not covered', { signing: { without: ['content-digest'] } }, 'it does not cover "content-digest"'],
    ['it comes from the future', { signing: { createdAgoSeconds: -70 } }, 'more than 60 seconds in the future'],
    ['its key is another', { signing: { key: attacker } }, "the signature is not the client's"],
    ['its key is unknown', { signing: { keyId: 'another' } }, 'the client has no key "another"'],
    ['it was signed for another server', { signing: { target: 'https://evil.example/' } }, "is not the client's"],
  ])('if %s', async (_, call, why) => {
    const answer = await refusal(await create(door.issue({ client: shop.walletAddress }), call))
    expect(answer).toMatchObject({ status: 401, code: '401', grantAt: asFor() })
    expect(answer.description).toMatch(/^Signature validation error: /)
    expect(answer.description).toContain(why)
  })

  it('if its token was exchanged for another of the same client', async () => {
    const [one, two] = [door.issue({ client: shop.walletAddress }), door.issue({ client: shop.walletAddress })]
    expect((await create(one, { sent: { token: two } })).status).toBe(401)
  })

  it('if its token was revoked a moment ago, or is over', async () => {
    const token = door.issue({ client: shop.walletAddress })
    expect((await create(token)).status).toBe(201)
    door.authorizationServer.revoke(token)
    const gone = { status: 401, description: 'Invalid Token', grantAt: asFor() }
    expect(await refusal(await create(token))).toMatchObject(gone)
    expect(await refusal(await create(door.issue({ client: shop.walletAddress, exp: inSeconds(-1) })))).toMatchObject(
      gone,
    )
    expect((await create(door.issue({ client: shop.walletAddress, exp: inSeconds(60) }))).status).toBe(201)
  })

  it('if it has no GNAP token', async () => {
    for (const authorization of ['', 'token', 'Bearer token', 'GNAP', 'GNAP two words']) {
      const response = await fetch(incomingPayments(), { method: 'POST', headers: { authorization } })
      expect(await refusal(response)).toMatchObject({
        status: 401,
        description: expect.stringMatching(/^Missing or invalid authorization header value/),
        grantAt: asFor(),
      })
    }
  })

  it('and says which tenant’s authorization server grants', async () => {
    const response = await fetch(incomingPayments(OTHER_TENANT), { method: 'POST' })
    expect((await refusal(response)).grantAt).toBe(asFor(OTHER_TENANT))
    const authServer = `${door.authorizationServer.grantUrl}/${OTHER_TENANT}`
    expect(await (await fetch(door.olga.mine.address)).json()).toMatchObject({ authServer })
  })

  it('where there is no route at all, and with 404 with a token', async () => {
    expect((await fetch(`${door.base()}/nothing`, { method: 'POST' })).status).toBe(401)
    const token = door.issue({ client: shop.walletAddress })
    expect((await shop.call(`${door.base()}/nothing`, { method: 'POST', token })).status).toBe(404)
  })
})

describe('a body that is not JSON', () => {
  it('is not read, so that nothing unsigned is', async () => {
    const headers = { authorization: `GNAP ${DEV_TOKEN}`, 'content-type': 'text/plain' }
    const response = await fetch(incomingPayments(), { method: 'POST', headers, body: incoming() })
    expect(response.status).toBe(415)
  })
})

describe('a token bound to a wallet address', () => {
  const bound = () =>
    door.issue({
      client: shop.walletAddress,
      access: EVERYTHING.map((item) => ({ ...item, identifier: door.alice.mine.address })),
    })

  it('opens this one and no other, of the same tenant or another', async () => {
    expect((await create(bound())).status).toBe(201)
    for (const walletAddress of [door.alice.neighbours.address, door.olga.mine.address]) {
      expect(await refusal(await create(bound(), { body: incoming(walletAddress) }))).toMatchObject({
        status: 403,
        why: expect.stringContaining(`no right to create incoming-payments of ${walletAddress}`),
      })
      const list = `${incomingPayments()}?wallet-address=${encodeURIComponent(walletAddress)}`
      expect((await shop.call(list, { token: bound() })).status).toBe(403)
    }
  })

  it('reads no resource of another, not even to say whose it is', async () => {
    const everywhere = door.issue({ client: shop.walletAddress })
    const made = await create(everywhere, { body: incoming(door.alice.neighbours.address) })
    const id = await idOf(made)
    expect((await shop.call(id, { token: everywhere })).status).toBe(200)
    expect((await shop.call(id, { token: bound() })).status).toBe(403)
    expect((await shop.call(`${id}/complete`, { method: 'POST', token: bound() })).status).toBe(403)
  })
})

describe('what a client has made', () => {
  const readers = () => ({ access: [{ type: 'incoming-payment', actions: ['read', 'list'] }] })
  const allReaders = () => ({ access: [{ type: 'incoming-payment', actions: ['read-all', 'list-all'] }] })

  it.each([
    ['with a wallet address', (client: SigningClient) => client.walletAddress],
    ['with a key alone', (client: SigningClient) => ({ jwk: client.jwk })],
  ])('is its own: a client %s does not see another’s', async (_, named) => {
    const id = await idOf(await create(door.issue({ client: named(shop) })))
    expect((await shop.call(id, { token: door.issue({ client: named(shop), ...readers() }) })).status).toBe(200)
    const other = await thief.call(id, { token: door.issue({ client: named(thief), ...readers() }) })
    expect(other.status).toBe(404)
    expect((await thief.call(id, { token: door.issue({ client: named(thief), ...allReaders() }) })).status).toBe(200)
    const completing = { method: 'POST', token: door.issue({ client: named(thief) }) } as const
    expect((await thief.call(`${id}/complete`, completing)).status).toBe(404)
    const list = `${incomingPayments()}?wallet-address=${encodeURIComponent(door.alice.mine.address)}&first=100`
    const ids = async (worth: object) =>
      idsIn(await thief.call(list, { token: door.issue({ client: named(thief), ...worth }) }))
    expect(await ids(readers())).not.toContain(id)
    expect(await ids(allReaders())).toContain(id)
  })
})

describe('an authorization server', () => {
  const answered = async (status: number, body: string) => {
    door.authorizationServer.misbehaviour = () => ({ status, body })
    return refusal(await create('any'))
  }

  it('that fails, or answers nonsense, is not available', async () => {
    const active = { active: true, grant: 'g', client: shop.walletAddress, access: [] }
    const unavailable = { status: 503, description: 'Not available at the moment, try again later' }
    expect(await answered(500, '{}')).toMatchObject(unavailable)
    for (const wrong of [
      'not JSON',
      '{}',
      'null',
      '{"active":"yes"}',
      JSON.stringify({ ...active, client: undefined }),
      JSON.stringify({ ...active, client: 'nobody' }),
      JSON.stringify({ ...active, access: [{ type: 'everything', actions: ['create'] }] }),
      JSON.stringify({ ...active, access: [{ type: 'quote', actions: ['destroy'] }] }),
      JSON.stringify({ ...active, iss: 'https://another.example/grants' }),
      'x'.repeat(70_000),
    ]) {
      expect(await answered(200, wrong)).toMatchObject(unavailable)
    }
  })

  it('that never answers is waited for two seconds', timed, async () => {
    door.authorizationServer.misbehaviour = () => undefined
    const startMs = performance.now()
    expect((await create('any')).status).toBe(503)
    expect(performance.now() - startMs).toBeGreaterThan(1_900)
    expect(performance.now() - startMs).toBeLessThan(4_000)
  })

  it('that does not know the token makes it invalid', async () => {
    expect(await answered(404, '{}')).toMatchObject({ status: 401, description: 'Invalid Token' })
    expect(await answered(200, '{"active":false}')).toMatchObject({ status: 401, description: 'Invalid Token' })
  })

  it('that does not name the issuer serves the operator', async () => {
    expect((await create(door.issue({ client: shop.walletAddress, iss: undefined }))).status).toBe(201)
    const token = door.issue({ client: shop.walletAddress, iss: undefined })
    const body = incoming(door.olga.mine.address)
    expect((await shop.call(incomingPayments(OTHER_TENANT), { method: 'POST', token, body })).status).toBe(403)
  })
})

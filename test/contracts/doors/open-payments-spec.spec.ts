import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { SigningClient } from '../../harness/authorization-server-client.js'
import { type OpenPaymentsDoor, openDoor } from '../grants/open-payments-process.js'
import { OfficialSpec, type Operation } from './open-payments-spec.js'

const NOWHERE = '00000000-0000-4000-8000-000000000000'
// Without pages for browsers nobody is sent to one; did.json left the specification with 1.3.3.
const NOT_OFFERED = ['get / 302', 'get /did.json 200', 'get /did.json 500']
const DAY_MS = 86_400_000
const usd = (value: string) => ({ value, assetCode: 'USD', assetScale: 2 })
const resource = z.object({ id: z.string() })

/** A call by rights: where, and with which body. */
interface Call {
  readonly operation: Operation
  readonly url: string
  readonly body?: object
}

let door: OpenPaymentsDoor
let shop: SigningClient
let spec: OfficialSpec
let token: string
/** Incoming payments to alice's neighbour, a quote and an outgoing payment of alice. */
let made: { incoming: string; another: string; quote: string; outgoing: string }

beforeAll(async () => {
  spec = await OfficialSpec.read()
  door = await openDoor()
  shop = await SigningClient.start()
  token = door.issue({ client: shop.walletAddress })
})
afterAll(async () => {
  await door?.close()
  await shop?.close()
})

const walletAddress = () => door.alice.mine.address
const at = (path: string) => `${door.base()}${path}`
const send = ({ operation, url, body }: Call, by: string | undefined = token) =>
  shop.call(url, {
    method: operation.startsWith('post') ? 'POST' : 'GET',
    token: by,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })

async function answer(call: Call, status: number, by?: string): Promise<unknown> {
  const response = await send(call, by)
  const body = await spec.check(call.operation, response)
  expect({ status: response.status, body }).toMatchObject({ status })
  return body
}

async function create(operation: Operation, body: object): Promise<string> {
  const url = at(operation.slice('post '.length))
  return resource.parse(await answer({ operation, url, body }, 201)).id
}

const incoming = (more: object = {}) => ({ walletAddress: door.alice.neighbours.address, ...more })
const quote = (more: object = {}) => ({
  walletAddress: walletAddress(),
  receiver: made.incoming,
  method: 'ilp',
  ...more,
})

describe('every answer of the Open Payments door is accepted by the official files:', () => {
  it('what is created', async () => {
    const expiresAt = new Date(performance.timeOrigin + DAY_MS).toISOString()
    const full = incoming({ incomingAmount: usd('500'), expiresAt, metadata: { note: 'full' } })
    const another = await create('post /incoming-payments', full)
    made = { incoming: await create('post /incoming-payments', incoming()), another, quote: '', outgoing: '' }
    made.quote = await create('post /quotes', quote({ debitAmount: usd('250') }))
    await create('post /quotes', quote({ receiveAmount: usd('250') }))
    const fromQuote = { walletAddress: walletAddress(), quoteId: made.quote, metadata: { note: 'full' } }
    made.outgoing = await create('post /outgoing-payments', fromQuote)
    const direct = { walletAddress: walletAddress(), incomingPayment: made.incoming, debitAmount: usd('100') }
    await create('post /outgoing-payments', direct)
  })

  it('what is read, listed and completed', async () => {
    await answer({ operation: 'get /incoming-payments/{id}', url: made.incoming }, 200)
    await answer({ operation: 'get /incoming-payments/{id}', url: made.another }, 200)
    await answer({ operation: 'get /quotes/{id}', url: made.quote }, 200)
    await answer({ operation: 'get /outgoing-payments/{id}', url: made.outgoing }, 200)
    for (const [collection, owner] of [
      ['/incoming-payments', door.alice.neighbours.address],
      ['/outgoing-payments', walletAddress()],
    ] as const) {
      const first = `${at(collection)}?wallet-address=${encodeURIComponent(owner)}`
      const page = await answer({ operation: `get ${collection}`, url: `${first}&first=1` }, 200)
      expect(page).toMatchObject({ result: [{}], pagination: { hasNextPage: true } })
      await answer({ operation: `get ${collection}`, url: first }, 200)
    }
    const empty = `${at('/outgoing-payments')}?wallet-address=${encodeURIComponent(door.alice.neighbours.address)}`
    await answer({ operation: 'get /outgoing-payments', url: empty }, 200)
    await answer({ operation: 'get /outgoing-payment-grant', url: at('/outgoing-payment-grant') }, 200)
    await answer({ operation: 'post /incoming-payments/{id}/complete', url: `${made.another}/complete` }, 200)
    await answer({ operation: 'get /incoming-payments/{id}', url: made.another }, 200)
  })

  it('what anybody may read', async () => {
    const read = async (operation: Operation, url: string, status: number) => {
      const response = await fetch(url, { headers: { accept: 'application/json' } })
      expect([url, response.status]).toEqual([url, status])
      return spec.check(operation, response)
    }
    await read('get /incoming-payments/{id}', made.incoming, 200)
    await read('get /', walletAddress(), 200)
    await read('get /', `${door.url}/nobody`, 404)
    expect(await read('get /jwks.json', `${walletAddress()}/jwks.json`, 200)).toEqual({ keys: [] })
    // The node's own key, by which other nodes check what it signs.
    expect(await read('get /jwks.json', `${door.url}/jwks.json`, 200)).toMatchObject({ keys: [{ crv: 'Ed25519' }] })
    await read('get /jwks.json', `${door.url}/nobody/jwks.json`, 404)
  })

  /** Every operation that asks for a token, rightly called. */
  const guarded = (): Call[] => [
    { operation: 'post /incoming-payments', url: at('/incoming-payments'), body: incoming() },
    { operation: 'get /incoming-payments', url: `${at('/incoming-payments')}?wallet-address=${walletAddress()}` },
    { operation: 'get /incoming-payments/{id}', url: made.incoming },
    { operation: 'post /incoming-payments/{id}/complete', url: `${made.incoming}/complete` },
    { operation: 'post /quotes', url: at('/quotes'), body: quote({ debitAmount: usd('1') }) },
    { operation: 'get /quotes/{id}', url: made.quote },
    {
      operation: 'post /outgoing-payments',
      url: at('/outgoing-payments'),
      body: { walletAddress: walletAddress(), quoteId: made.quote },
    },
    { operation: 'get /outgoing-payments', url: `${at('/outgoing-payments')}?wallet-address=${walletAddress()}` },
    { operation: 'get /outgoing-payments/{id}', url: made.outgoing },
    { operation: 'get /outgoing-payment-grant', url: at('/outgoing-payment-grant') },
  ]

  it('refusals of unknown tokens and of tokens without the right', async () => {
    const worthless = door.issue({ client: shop.walletAddress, access: [] })
    for (const call of guarded()) {
      await answer(call, 401, 'NOTOKEN')
      await answer(call, 403, worthless)
    }
  })

  it('what is not there, or another client’s', async () => {
    for (const operation of [
      'get /incoming-payments/{id}',
      'get /quotes/{id}',
      'get /outgoing-payments/{id}',
      'post /incoming-payments/{id}/complete',
    ] as const) {
      const path = operation.replace(/^\w+ /, '')
      await answer({ operation, url: at(path.replace('{id}', NOWHERE)) }, 404)
      await answer({ operation, url: at(path.replace('{id}', 'no-id')) }, 404)
    }
  })

  it('requests of another form, and such as come too late', async () => {
    const wrong: Call[] = [
      { operation: 'post /incoming-payments', url: at('/incoming-payments'), body: incoming({ incomingAmount: 5 }) },
      { operation: 'post /incoming-payments', url: at('/incoming-payments'), body: incoming({ more: true }) },
      {
        operation: 'get /incoming-payments',
        url: `${at('/incoming-payments')}?wallet-address=${walletAddress()}&first=0`,
      },
      { operation: 'post /quotes', url: at('/quotes'), body: quote({ receiver: 'nowhere' }) },
      { operation: 'post /quotes', url: at('/quotes'), body: quote() },
      { operation: 'post /quotes', url: at('/quotes'), body: quote({ receiver: made.another }) },
      { operation: 'post /outgoing-payments', url: at('/outgoing-payments'), body: { walletAddress: walletAddress() } },
    ]
    for (const call of wrong) await answer(call, 400)
    await answer({ operation: 'post /incoming-payments/{id}/complete', url: `${made.another}/complete` }, 409)
  })

  it('and no documented answer was left out', () => {
    expect(spec.documented.length).toBeGreaterThan(40)
    expect(spec.unseen).toEqual(NOT_OFFERED)
  })
})

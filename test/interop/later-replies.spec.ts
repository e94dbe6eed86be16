import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { Unanswered } from '@kivuko/connector'
import { decodePrepare, decodeReply, encodeReply, fulfill, type Prepare, type Reply, reject } from '@kivuko/ilp'
import type { OutgoingOptions, Peer } from '@kivuko/peering'
import type { Door } from '@kivuko/rooms'
import { request } from 'undici'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { freePorts } from '../harness/listen.js'
import { timed } from '../harness/tries.js'
import { waitFor } from '../harness/wait-for.js'
import { openMemoryDoor } from './memory-door.js'
import { MemoryNode } from './memory-node.js'
import { FULFILL, FULFILLMENT, gainedBy, prepareAt, sendFrom } from './packets.js'
import {
  answersWith,
  type Behaviour,
  cutsTheConnection,
  neverAnswers,
  type ReceivedRequest,
  ScriptedPeer,
} from './scripted-peer.js'

const OCTETS = 'application/octet-stream'
const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const ASYNCHRONOUS: OutgoingOptions = {
  mode: 'asynchronous',
  jwtSubject: null,
  furtherEndpoints: [],
  endpointsAreOneNode: false,
}

let node: MemoryNode
let door: Door
let alice: Peer
let aliceThere: ScriptedPeer
let bob: ScriptedPeer
let bobHere: Peer

beforeEach(async () => {
  const [port = 0] = await freePorts(1)
  node = new MemoryNode({ ilpAddress: 'test.kivuko', connectorUrl: `http://127.0.0.1:${port}/` })
  bob = await ScriptedPeer.start()
  aliceThere = await ScriptedPeer.start()
  aliceThere.does(answersWith(200))
  const usd = await node.openAsset('USD', 2)
  alice = await node.addPeer(usd, { staticIlpAddress: 'test.alice', outgoingEndpoint: `${aliceThere.url}/ilp` }, 'a')
  bobHere = await node.addPeer(
    usd,
    { staticIlpAddress: 'test.bob', outgoingEndpoint: `${bob.url}/his/ilp`, outgoingOptions: ASYNCHRONOUS },
    'b',
  )
  door = await openMemoryDoor(node, port)
})
afterEach(async () => {
  await Promise.all([bob.close(), aliceThere.close()])
  await door.close()
  await node.connector.beforeApplicationShutdown()
})

const prepare = (change?: Partial<Prepare>) => prepareAt(node, change)
const send = (change?: Partial<Prepare>) => sendFrom(node, alice, change)
const gained = (peer: Peer) => gainedBy(node, peer)

async function post(url: string, headers: Record<string, string>, body: Buffer) {
  const response = await request(url, { method: 'POST', headers: { 'content-type': OCTETS, ...headers }, body })
  return { status: response.statusCode, text: await response.body.text() }
}

const header = ({ headers }: ReceivedRequest | ServerResponse['req'], name: string) => headers[name]?.toString() ?? ''

/** What bob posts to the callback that a request of ours named. */
function replyTo({ headers }: Pick<ReceivedRequest, 'headers'>, reply = FULFILL, token = 'b') {
  const requestId = headers['request-id']?.toString() ?? ''
  const authorization = `Bearer ${token}`
  return post(headers['callback-url']?.toString() ?? '', { 'request-id': requestId, authorization }, reply)
}

/** 202, then the reply. */
const repliesLater: Behaviour = async (response, request) => {
  response.writeHead(202).end()
  await replyTo(request)
}

describe('a packet to an asynchronous peer', () => {
  it('goes out as RFC 35 says, and is answered at the callback', async () => {
    bob.does(repliesLater)
    expect(await send()).toEqual(fulfill(FULFILLMENT, Buffer.from('thanks')))
    const [first] = bob.requests
    expect([first?.method, first?.path]).toEqual(['POST', '/his/ilp'])
    expect(first?.headers).toMatchObject({
      authorization: 'Bearer b',
      'content-type': OCTETS,
      accept: OCTETS,
      prefer: 'respond-async',
      'request-id': expect.stringMatching(UUID_V4),
      'callback-url': expect.stringMatching(`^${door.url}/ilp-replies\\?process=[0-9a-f-]{36}$`),
    })
    expect(decodePrepare(first?.body ?? Buffer.alloc(0))).toMatchObject({
      amount: 100n,
      destination: 'test.bob.account',
    })
    expect([await gained(alice), await gained(bobHere)]).toEqual([-100n, 100n])
  })

  it('may be answered in the response, by a peer that knows no other form', async () => {
    bob.does(answersWith(200, FULFILL))
    expect((await send()).type).toBe('fulfill')
    expect(await gained(bobHere)).toBe(100n)
  })

  it('may be answered at the callback before the response comes', async () => {
    bob.does(async (response, request) => {
      await replyTo(request)
      response.writeHead(202).end()
    })
    expect((await send()).type).toBe('fulfill')
  })

  it('has an id of its own', async () => {
    bob.does(repliesLater)
    for (let n = 0; n < 10; n++) await send()
    expect(new Set(bob.requests.map((one) => header(one, 'request-id'))).size).toBe(10)
  })

  it.each([
    ['the connection is cut', cutsTheConnection],
    ['a gateway lost the answer', answersWith(504)],
    ['no answer comes', neverAnswers],
  ])('goes out again with the same id and bytes when %s', async (_, loss) => {
    bob.does(loss, loss, repliesLater)
    expect((await send()).type).toBe('fulfill')
    expect(bob.requests).toHaveLength(3)
    expect(new Set(bob.requests.map((one) => `${header(one, 'request-id')} ${one.body.toString('hex')}`)).size).toBe(1)
    expect([await gained(alice), await gained(bobHere)]).toEqual([-100n, 100n])
  })

  it('whose first answer was lost is not given up by a refusal of a later attempt', async () => {
    bob.does(cutsTheConnection, answersWith(503), repliesLater)
    expect((await send()).type).toBe('fulfill')
  })

  it.each([400, 401, 404, 500, 503])(
    'that the peer does not take (HTTP %i) is answered T01 at once',
    async (status) => {
      bob.does(answersWith(status))
      expect(await send()).toMatchObject({ code: 'T01', message: expect.stringContaining(`HTTP ${status}`) })
      expect(bob.requests).toHaveLength(1)
      expect(await gained(alice)).toBe(0n)
    },
  )

  it('to which no reply comes is answered R00, and listed', timed, async () => {
    bob.does(answersWith(202))
    const startedAtMs = node.clock.nowMs()
    expect(await send({ expiresAt: new Date(startedAtMs + 2_500) })).toMatchObject({ code: 'R00' })
    expect(node.clock.nowMs() - startedAtMs).toBeLessThan(2_500)
    const [first] = bob.requests
    await waitFor('the reply not to be awaited any more', async () => first && (await replyTo(first)).status === 400)
    await waitFor('it is listed', () => node.differences.length === 1)
    await waitFor('nothing is reserved', async () => (await gained(alice)) === 0n)
  })
})

describe('a reply at our callback', () => {
  async function held(): Promise<{ first: ReceivedRequest; outcome: Promise<Reply> }> {
    bob.does(answersWith(202))
    const arrived = bob.nextRequest()
    const outcome = send()
    await arrived
    const first = bob.requests.at(-1)
    if (!first) throw new Error('no request came')
    return { first, outcome }
  }

  it('counts once: the first one, whatever comes later', async () => {
    const { first, outcome } = await held()
    const rejected = encodeReply(reject('F99', 'test.bob', 'no'))
    expect([(await replyTo(first, rejected)).status, await replyTo(first, FULFILL)]).toEqual([
      200,
      { status: 400, text: 'No reply is awaited under this Request-Id' },
    ])
    expect(await outcome).toMatchObject({ code: 'F99' })
    expect(await gained(bobHere)).toBe(0n)
  })

  it('counts only from the peer that it is awaited from', async () => {
    const { first, outcome } = await held()
    expect((await replyTo(first, FULFILL, 'a')).status).toBe(400)
    expect((await replyTo(first, FULFILL, 'nobody')).status).toBe(401)
    expect((await replyTo(first)).status).toBe(200)
    expect((await outcome).type).toBe('fulfill')
  })

  it('that is no reply is refused, and the right one still counts', async () => {
    const { first, outcome } = await held()
    expect(await replyTo(first, Buffer.from('no packet'))).toMatchObject({ status: 400 })
    expect(await replyTo(first, prepare())).toMatchObject({ status: 400 })
    expect((await replyTo(first)).status).toBe(200)
    expect((await outcome).type).toBe('fulfill')
  })

  it('to nothing we know is refused, as it is after a restart', async () => {
    const authorization = 'Bearer b'
    const url = `${door.url}/ilp-replies`
    expect((await post(url, { authorization, 'request-id': randomUUID() }, FULFILL)).status).toBe(400)
    expect((await post(url, { authorization }, FULFILL)).status).toBe(400)
  })

  it('is still taken while the door closes', async () => {
    const { first, outcome } = await held()
    const closed = door.close()
    expect(await post(`${door.url}/`, { authorization: 'Bearer a' }, prepare())).toMatchObject({ status: 503 })
    expect((await replyTo(first)).status).toBe(200)
    expect((await outcome).type).toBe('fulfill')
    await closed
  })
})

describe('a packet of a peer that asks for its reply later', () => {
  const later = { authorization: 'Bearer a', prefer: 'respond-async' }

  function hand(headers: Record<string, string> = {}, bytes = prepare({ destination: 'test.nobody' })) {
    const named = { 'request-id': randomUUID(), 'callback-url': `${aliceThere.url}/replies?x=1` }
    return post(`${door.url}/ilp`, { ...later, ...named, ...headers }, bytes)
  }

  it('is taken at once, and its reply posted to the callback with our token', async () => {
    const arrived = aliceThere.nextRequest()
    const requestId = randomUUID()
    expect(await hand({ 'request-id': requestId })).toEqual({ status: 202, text: '' })
    await arrived
    const [first] = aliceThere.requests
    expect([first?.method, first?.path]).toEqual(['POST', '/replies?x=1'])
    expect(first?.headers).toMatchObject({ 'request-id': requestId, authorization: 'Bearer a', 'content-type': OCTETS })
    expect(decodeReply(first?.body ?? Buffer.alloc(0))).toMatchObject({ code: 'F02', triggeredBy: 'test.kivuko' })
  })

  it.each(['wait=10, Respond-Async', 'respond-async; x=1, handling=lenient'])(
    'may say so among others: %s',
    async (prefer) => {
      expect((await hand({ prefer })).status).toBe(202)
    },
  )

  it.each(['wait=10', 'respond-asynchronously'])(
    'that asks for something else is answered at once: %s',
    async (prefer) => {
      expect((await hand({ prefer })).status).toBe(200)
    },
  )

  it.each([
    ['the peer is out of order', answersWith(500)],
    ['the connection is cut', cutsTheConnection],
    ['a gateway fails', answersWith(503)],
  ])('has its reply posted again while %s', async (_, failure) => {
    aliceThere.does(failure, failure, answersWith(200))
    await hand()
    await waitFor('three attempts', () => aliceThere.requests.length >= 3)
    expect(new Set(aliceThere.requests.map(({ body }) => body.toString('hex'))).size).toBe(1)
    await node.connector.repliesSettled()
    expect(aliceThere.requests).toHaveLength(3)
  })

  it.each([200, 204, 400, 404])('has its reply posted once when that is answered with %i', async (status) => {
    aliceThere.does(answersWith(status))
    await hand()
    await node.connector.repliesSettled()
    expect(aliceThere.requests).toHaveLength(1)
  })

  it('has its reply given up when the packet has expired', async () => {
    aliceThere.does(answersWith(500))
    await hand({}, prepare({ destination: 'test.nobody', expiresAt: new Date(node.clock.nowMs() + 700) }))
    await node.connector.repliesSettled()
    const attempts = aliceThere.requests.length
    expect(attempts).toBeGreaterThanOrEqual(3)
    expect(attempts).toBeLessThan(8)
  })

  it('and comes again with the same id is handled and charged once, and answered again', async () => {
    bob.does(repliesLater)
    const [requestId, bytes] = [randomUUID(), prepare()]
    const both = [hand({ 'request-id': requestId }, bytes), hand({ 'request-id': requestId.toUpperCase() }, bytes)]
    expect((await Promise.all(both)).map(({ status }) => status)).toEqual([202, 202])
    await waitFor('the reply', () => aliceThere.requests.length === 1)
    expect((await hand({ 'request-id': requestId }, bytes)).status).toBe(202)
    await waitFor('the reply again', () => aliceThere.requests.length === 2)
    expect(new Set(aliceThere.requests.map(({ body }) => body.toString('hex'))).size).toBe(1)
    expect(bob.requests).toHaveLength(1)
    expect([await gained(alice), await gained(bobHere)]).toEqual([-100n, 100n])
  })

  it('of which it is not known yet whether it was taken has no reply, and is handled anew when it comes again', async () => {
    vi.spyOn(node.connector, 'handle').mockRejectedValueOnce(new Unanswered('the ledger did not answer'))
    const [requestId, bytes] = [randomUUID(), prepare({ destination: 'test.nobody' })]
    expect((await hand({ 'request-id': requestId }, bytes)).status).toBe(202)
    await node.connector.repliesSettled()
    expect(aliceThere.requests).toEqual([])
    expect((await hand({ 'request-id': requestId }, bytes)).status).toBe(202)
    await node.connector.repliesSettled()
    expect(aliceThere.requests).toHaveLength(1)
  })

  it('comes with an id that no other packet had', async () => {
    const requestId = randomUUID()
    await hand({ 'request-id': requestId })
    expect(await hand({ 'request-id': requestId })).toEqual({
      status: 400,
      text: 'Another packet came with this Request-Id: choose a new one',
    })
  })

  it.each([
    ['without an id', { 'request-id': '' }],
    ['with an id of another kind', { 'request-id': '6ba7b810-9dad-11d1-80b4-00c04fd430c8' }],
    ['that names another host', { 'callback-url': 'http://127.0.0.2/replies' }],
    ['that names another port', { 'callback-url': 'http://127.0.0.1:1/replies' }],
    ['that names no URL', { 'callback-url': 'replies' }],
  ])('%s is refused', async (_, headers) => {
    expect((await hand(headers)).status).toBe(400)
  })

  it('that is no packet is refused', async () => {
    expect(await hand({}, Buffer.from('no packet'))).toMatchObject({
      status: 400,
      text: expect.stringContaining('packet type'),
    })
  })

  it('from a peer with a configured callback may go there, named or not', async () => {
    const elsewhere = await ScriptedPeer.start()
    elsewhere.does(answersWith(200))
    const usd = await node.openAsset('USD', 3)
    const outgoingEndpoint = 'https://carol.invalid/ilp'
    const callbackUrl = `${elsewhere.url}/carols`
    await node.addPeer(usd, { staticIlpAddress: 'test.carol', outgoingEndpoint, callbackUrl }, 'c')
    const asCarol = { ...later, authorization: 'Bearer c', 'request-id': randomUUID() }
    expect((await post(`${door.url}/ilp`, asCarol, prepare({ destination: 'test.nobody' }))).status).toBe(202)
    await waitFor('the reply', () => elsewhere.requests.length === 1)
    expect(elsewhere.requests[0]).toMatchObject({ path: '/carols' })
    await elsewhere.close()
  })
})

describe('two nodes that both speak so', () => {
  it('fulfill a packet between them', async () => {
    const [port = 0] = await freePorts(1)
    const far = new MemoryNode({ ilpAddress: 'test.far', connectorUrl: `http://127.0.0.1:${port}` })
    const euros = await far.openAsset('EUR', 2)
    const usd = await node.openAsset('USD', 4)
    const near = { staticIlpAddress: 'test.kivuko', outgoingEndpoint: `${door.url}/ilp`, outgoingOptions: ASYNCHRONOUS }
    await far.addPeer(euros, near, 'near-to-far')
    const dora = await far.addPeer(euros, { staticIlpAddress: 'test.dora', outgoingEndpoint: bob.url }, 'd')
    const farDoor = await openMemoryDoor(far, port)
    const way = { outgoingEndpoint: `${farDoor.url}/ilp`, outgoingOptions: ASYNCHRONOUS }
    const farHere = await node.addPeer(usd, { staticIlpAddress: 'test.dora', ...way }, 'near-to-far')
    bob.does(answersWith(200, FULFILL))
    const reply = await send({ destination: 'test.dora.account' })
    expect(reply.type).toBe('fulfill')
    expect(await gained(farHere)).toBeGreaterThan(0n)
    expect(await gainedBy(far, dora)).toBeGreaterThan(0n)
    await farDoor.close()
    await far.connector.beforeApplicationShutdown()
  })
})

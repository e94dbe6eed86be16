import type { ServerResponse } from 'node:http'
import type { Asset } from '@kivuko/assets'
import { decodePrepare, encodeReply, fulfill, type Prepare, reject } from '@kivuko/ilp'
import type { Peer } from '@kivuko/peering'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePorts } from '../harness/listen.js'
import { timed } from '../harness/tries.js'
import { waitFor } from '../harness/wait-for.js'
import { MemoryNode } from './memory-node.js'
import { FULFILL, FULFILLMENT, gainedBy, sendFrom } from './packets.js'
import { answersAndChargesOnce, answersWith, cutsTheConnection, ScriptedPeer } from './scripted-peer.js'

let node: MemoryNode
let usd: Asset
let alice: Peer
let bob: ScriptedPeer
let bobHere: Peer

beforeEach(async () => {
  node = new MemoryNode({ ilpAddress: 'test.kivuko' })
  bob = await ScriptedPeer.start()
  usd = await node.openAsset('USD', 2)
  alice = await node.addPeer(usd, { staticIlpAddress: 'test.alice', outgoingEndpoint: 'http://127.0.0.1:9/' }, 'a')
  bobHere = await node.addPeer(usd, { staticIlpAddress: 'test.bob', outgoingEndpoint: `${bob.url}/his/ilp?x=1` }, 'b')
})
afterEach(async () => {
  await bob.close()
  await node.connector.beforeApplicationShutdown()
})

const send = (change?: Partial<Prepare>) => sendFrom(node, alice, change)
const gained = (peer: Peer) => gainedBy(node, peer)

describe('a next hop over HTTP', () => {
  it('gets the packet as RFC 35 says, with the token and at the path of its endpoint', async () => {
    bob.does(answersWith(200, FULFILL))
    expect(await send()).toEqual(fulfill(FULFILLMENT, Buffer.from('thanks')))
    const [request] = bob.requests
    expect([request?.method, request?.path]).toEqual(['POST', '/his/ilp?x=1'])
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer b',
      'content-type': 'application/octet-stream',
      accept: 'application/octet-stream',
    })
    expect(decodePrepare(request?.body ?? Buffer.alloc(0))).toMatchObject({
      amount: 100n,
      destination: 'test.bob.account',
    })
    expect([await gained(alice), await gained(bobHere)]).toEqual([-100n, 100n])
  })

  it('is reached over connections that are kept, packet after packet', async () => {
    bob.does(answersWith(200, FULFILL))
    for (let i = 0; i < 20; i++) await send()
    // Two: the next packet may leave before the pool has noticed that the first connection is free again.
    expect(new Set(bob.requests.map(({ clientPort }) => clientPort)).size).toBeLessThanOrEqual(2)
  })

  it('gets 256 packets at a time, and the others as these are answered, also when the node closes meanwhile', async () => {
    const held: ServerResponse[] = []
    bob.does((response) => void held.push(response))
    const replies = Promise.all(Array.from({ length: 300 }, () => send()))
    await waitFor('256 packets are there', () => held.length >= 256)
    bob.does(answersWith(200, FULFILL))
    const closed = node.connector.beforeApplicationShutdown()
    expect(new Set(bob.requests.map(({ clientPort }) => clientPort)).size).toBe(256)
    expect(held).toHaveLength(256)
    for (const response of held) response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(FULFILL)
    expect((await replies).map(({ type }) => type)).toEqual(Array.from({ length: 300 }, () => 'fulfill'))
    await closed
    expect(bob.requests).toHaveLength(300)
  })

  it('may answer with a full packet, in pieces', async () => {
    const full = encodeReply(reject('F99', 'test.bob', 'm'.repeat(8_000), Buffer.alloc(32_767, 1)))
    bob.does(async (response) => {
      response.writeHead(200)
      for (let at = 0; at < full.length; at += 9_999) {
        response.write(full.subarray(at, at + 9_999))
        await new Promise((resolve) => setImmediate(resolve))
      }
      response.end()
    })
    expect((await send()).data.length).toBe(32_767)
  })
})

describe('a next hop that did not take the packet', () => {
  const unreachable = (reason: string) => ({
    code: 'T01',
    triggeredBy: 'test.kivuko',
    message: `peer unreachable. peer=test.bob reason=${reason}`,
  })

  it('since it cannot be reached: T01, at once', timed, async () => {
    const [port] = await freePorts(1)
    await node.addPeer(usd, { staticIlpAddress: 'test.gone', outgoingEndpoint: `http://127.0.0.1:${port}/` }, 'g')
    const startedAtMs = node.clock.nowMs()
    expect(await send({ destination: 'test.gone' })).toMatchObject({
      code: 'T01',
      message: 'peer unreachable. peer=test.gone reason=ECONNREFUSED',
    })
    expect(node.clock.nowMs() - startedAtMs).toBeLessThan(2_000)
    expect(await gained(alice)).toBe(0n)
  })

  it.each([401, 404, 413, 429, 500, 503])('since it answered HTTP %i: T01', async (statusCode) => {
    bob.does(answersWith(statusCode, 'the reason'))
    expect(await send()).toMatchObject(unreachable(`the peer answered HTTP ${statusCode}`))
    expect(bob.requests).toHaveLength(1)
    expect(await gained(alice)).toBe(0n)
  })

  it.each(['', 'no packet', '<html></html>'])('since its answer is no packet (%j): T01', async (body) => {
    bob.does(answersWith(200, body))
    expect(await send()).toMatchObject(unreachable('the peer answered no ILP packet'))
  })

  it('since its answer does not end: T01, without reading on', async () => {
    let written = 0
    bob.does((response) => {
      response.writeHead(200)
      const more = () => {
        written += 16_384
        if (written < 10_000_000 && !response.destroyed) response.write(Buffer.alloc(16_384), () => setImmediate(more))
      }
      more()
    })
    expect(await send()).toMatchObject(unreachable('the peer answered no ILP packet'))
    expect(written).toBeLessThan(10_000_000)
  })
})

describe('a next hop of a tenant who may not reach into the network of this node', () => {
  const isConfined = true

  it.each(['127.0.0.1', 'localhost'])(
    'is not connected to at %s, an address or a name: T01, which says why',
    async (host) => {
      bob.does(answersWith(200, FULFILL))
      const outgoingEndpoint = `http://${host}:${new URL(bob.url).port}/ilp`
      await node.addPeer(usd, { staticIlpAddress: 'test.inside', outgoingEndpoint, isConfined }, 'i')
      expect(await send({ destination: 'test.inside' })).toMatchObject({
        code: 'T01',
        message: 'peer unreachable. peer=test.inside reason=NOT_PUBLIC',
      })
      expect(bob.requests).toHaveLength(0)
      expect(await gained(alice)).toBe(0n)
    },
  )
})

describe('a next hop whose answer was lost', () => {
  it.each([
    ['the connection was cut', cutsTheConnection],
    ['a gateway says so', answersWith(502)],
    ['a gateway waited too long', answersWith(504)],
  ])('since %s: gets the same bytes again when it has said that it charges them once', async (_, loss) => {
    bob.does(answersAndChargesOnce(200, FULFILL))
    await send()
    bob.requests.length = 0
    bob.does(loss, loss, answersAndChargesOnce(200, FULFILL))
    expect((await send()).type).toBe('fulfill')
    expect(new Set(bob.requests.map(({ body }) => body.toString('hex'))).size).toBe(1)
    expect(bob.requests).toHaveLength(3)
    expect([await gained(alice), await gained(bobHere)]).toEqual([-200n, 200n])
  })

  it('gets the same bytes again when the operator says that it charges them once', async () => {
    await node.addPeer(usd, { ...bobHere, staticIlpAddress: 'test.bob', chargesRepeatsOnce: true }, 'b')
    bob.does(cutsTheConnection, answersWith(502), answersWith(200, FULFILL))
    expect((await send()).type).toBe('fulfill')
    expect(bob.requests).toHaveLength(3)
  })

  it(
    'gets nothing more when it charges the same bytes again: the source hears R00 when they expire',
    timed,
    async () => {
      bob.does(answersWith(200, FULFILL))
      await send()
      bob.does(cutsTheConnection, answersWith(200, FULFILL))
      const expiresAt = new Date(node.clock.nowMs() + 2_500)
      expect(await send({ expiresAt })).toMatchObject({ code: 'R00', message: 'packet expired.' })
      expect(node.clock.nowMs()).toBeGreaterThanOrEqual(expiresAt.getTime() - 1_000)
      expect(bob.requests).toHaveLength(2)
      // Both were fulfilled there, one of them without our knowing.
      await waitFor('it is listed', () => node.differences.length === 1)
      await waitFor('its source has its money back', async () => (await gained(alice)) === -100n)
      expect(node.differences).toMatchObject([{ kind: 'released', peerId: bobHere.id, amount: 100n }])
    },
  )

  it('is not waited for beyond the expiry, and nothing is known of the packet then', timed, async () => {
    let isGivenUp = false
    bob.does((_response, { socket }) => {
      socket.once('close', () => {
        isGivenUp = true
      })
    })
    const startedAtMs = node.clock.nowMs()
    expect(await send({ expiresAt: new Date(startedAtMs + 2_500) })).toMatchObject({
      code: 'R00',
      message: 'packet expired.',
    })
    expect(node.clock.nowMs() - startedAtMs).toBeLessThan(2_500)
    expect(await node.ledger.openReservations({ limit: 10 })).toHaveLength(1)
    await waitFor('the connection to be given up', () => isGivenUp)
    await waitFor('it is listed', () => node.differences.length === 1)
    await waitFor('its source has its money back', async () => (await gained(alice)) === 0n)
  })
})

describe('a next hop that fails again and again', () => {
  it('is left alone for a while, answered T01 at once, and found again when it is back', async () => {
    bob.does(answersWith(503))
    for (let n = 0; n < 5; n++) await send()
    expect(await send()).toMatchObject({ code: 'T01', message: expect.stringContaining('failed several times') })
    expect(bob.requests).toHaveLength(5)
    bob.does(answersWith(200, FULFILL))
    await waitFor('bob is found again', async () => (await send()).type === 'fulfill')
    for (let n = 0; n < 10; n++) expect((await send()).type).toBe('fulfill')
  })
})

describe('a slow next hop', () => {
  it('does not hold up another one', async () => {
    const held: ServerResponse[] = []
    bob.does((response) => void held.push(response))
    const carol = await ScriptedPeer.start()
    carol.does(answersWith(200, FULFILL))
    await node.addPeer(usd, { staticIlpAddress: 'test.carol', outgoingEndpoint: carol.url }, 'c')
    const expiresAt = new Date(node.clock.nowMs() + 25_000)
    const slow = Promise.all(Array.from({ length: 300 }, () => send({ expiresAt })))
    await waitFor('all that bob is sent at once is there', () => held.length >= 256)
    expect((await send({ destination: 'test.carol' })).type).toBe('fulfill')
    bob.does(answersWith(200, FULFILL))
    for (const response of held) response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(FULFILL)
    for (const reply of await slow) expect(reply.type).toBe('fulfill')
    await carol.close()
  })
})

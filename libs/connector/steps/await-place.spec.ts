import { decodePrepare, fulfill, type Reply, reject } from '@kivuko/ilp'
import type { OutgoingOptions } from '@kivuko/peering'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Delivery } from '../deliver.js'
import { NodeAddress } from '../node-address.js'
import { newPacket } from '../packet.js'
import { peerAccount } from '../peer-account.js'
import { PeerPlaces } from '../peer-places.js'
import { refuseAt } from '../refuse.js'
import type { Handler } from '../step.js'
import { newPeer, TENANT_ID } from '../testing/accounts.js'
import { bytesOf, NODE_ADDRESS, NOW_MS, replied, TestConnector } from '../testing/test-connector.js'
import { FULFILLMENT } from '../testing/test-receiver.js'
import { awaitPlace } from './await-place.js'

const FULFILLED = replied(fulfill(FULFILLMENT))

let node: TestConnector
/** Answers of the next hop that it has not given yet, the oldest first. */
let held: ((delivery: Delivery) => void)[]

beforeEach(async () => {
  node = await TestConnector.open()
  held = []
  node.answerAsPeer = () => new Promise((resolve) => held.push(resolve))
  vi.useFakeTimers()
})
afterEach(() => {
  // First: what watches a timer's function stands in its place.
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const send = (source: Parameters<TestConnector['sendFrom']>[0], n: number, expiresAt = new Date(NOW_MS + 20_000)) =>
  node.sendFrom(source, { amount: 1n, data: Buffer.from(`packet ${n}`), expiresAt })

const sendMany = (count: number, source = node.alice) => Array.from({ length: count }, (_, n) => send(source, n))

/** Lets the time pass for timers and clock alike. */
async function pass(ms: number): Promise<void> {
  node.clock.advance(ms)
  await vi.advanceTimersByTimeAsync(ms)
}

async function codesOf(replies: readonly Promise<Reply>[]): Promise<string[]> {
  return (await Promise.all(replies)).map((reply) => (reply.type === 'reject' ? reply.code : 'fulfilled'))
}

describe('a packet to a peer to whom 256 packets of its source are under way', () => {
  it('waits, with nothing reserved for it, until one of them is answered', async () => {
    const replies = sendMany(257)
    await pass(0)
    expect(held).toHaveLength(256)
    expect(await node.gains(node.alice)).toEqual([-256n])
    held.shift()?.(FULFILLED)
    await pass(0)
    expect(held).toHaveLength(256)
    for (const answer of held) answer(FULFILLED)
    expect(await codesOf(replies)).toEqual(Array.from({ length: 257 }, () => 'fulfilled'))
    expect(await node.gains(node.alice, node.bob)).toEqual([-257n, 257n])
  })

  it.each([
    ['a reject', replied(reject('T04', 'test.bob', 'no liquidity'))],
    ['a refusal', { kind: 'refused', message: 'the peer answered HTTP 503' } as const],
  ])('gets a place also by %s', async (_, delivery) => {
    const replies = sendMany(257)
    await pass(0)
    held.shift()?.(delivery)
    await pass(0)
    expect(held).toHaveLength(256)
    for (const answer of held) answer(FULFILLED)
    await Promise.all(replies)
  })

  it('is refused with T03 when its time to wait is over, and was never sent', async () => {
    void sendMany(256)
    const late = send(node.alice, 256, new Date(NOW_MS + 5_000))
    // Two message windows before its expiry it could still be sent.
    await pass(3_000)
    expect(held).toHaveLength(256)
    await pass(100)
    expect(await late).toEqual(
      reject(
        'T03',
        'test.kivuko',
        'next hop busy, try again later: its places (256) are taken, and none became free in 3100 ms. peer=test.bob',
      ),
    )
    expect(await node.gains(node.alice)).toEqual([-256n])
    expect(await node.metrics.text()).toMatch(new RegExp(`busy_next_hop_ilp_packets\\{account="${node.bob.id}".*\\} 1`))
  })

  it('is refused with R02 when it expires too soon to be sent in any case', async () => {
    void sendMany(256)
    expect(await send(node.alice, 256, new Date(NOW_MS + 1_900))).toMatchObject({ code: 'R02' })
  })

  it('is refused with T03 at once when 1,000 packets of its source wait already', async () => {
    void sendMany(1_256)
    expect(await send(node.alice, 1_256)).toMatchObject({
      code: 'T03',
      message:
        'next hop busy, try again later: its places (256) are taken, and the queue of this account is full (1000 packets). peer=test.bob',
    })
    expect(node.sent).toHaveLength(256)
  })

  it('is joined by the same packet, which takes no further place', async () => {
    const replies = [...sendMany(257), send(node.alice, 256)]
    await pass(0)
    expect(held).toHaveLength(256)
    for (const answer of held.splice(0)) answer(FULFILLED)
    await pass(0)
    expect(held).toHaveLength(1)
    held.shift()?.(FULFILLED)
    expect(new Set(await codesOf(replies))).toEqual(new Set(['fulfilled']))
    expect(await node.gains(node.alice)).toEqual([-257n])
  })
})

describe('a packet of another source', () => {
  it.each(['peer', 'payment'])('is sent at once, also when it is of a %s', async (kind) => {
    void sendMany(300)
    const source = kind === 'peer' ? await node.addPeer(newPeer('carol', node.usd)) : await node.openPayment()
    const reply = send(source, 0)
    await pass(0)
    expect(held).toHaveLength(257)
    held.pop()?.(FULFILLED)
    expect(await reply).toMatchObject({ type: 'fulfill' })
  })

  it('to another peer, or to an account of this node, needs no place there', async () => {
    void sendMany(300)
    await pass(0)
    const toEmma = node.sendFrom(node.alice, { destination: 'test.emma.account' })
    await pass(0)
    held.pop()?.(FULFILLED)
    expect(await toEmma).toMatchObject({ type: 'fulfill' })
    expect(await node.sendFrom(node.alice, { destination: 'test.kivuko.local-account' })).toMatchObject({
      type: 'fulfill',
    })
  })
})

describe('a place', () => {
  it('is taken for another second when its packet expired: so long its connection may be busy', async () => {
    const first = sendMany(256)
    await pass(0)
    await pass(19_000)
    expect(new Set(await codesOf(first))).toEqual(new Set(['R00']))
    const looksNoMore = vi.spyOn(globalThis, 'clearInterval')
    const second = send(node.alice, 256, new Date(NOW_MS + 40_000))
    await pass(900)
    expect(held).toHaveLength(256)
    await pass(200)
    expect(held).toHaveLength(257)
    held.pop()?.(FULFILLED)
    expect(await second).toMatchObject({ type: 'fulfill' })
    expect(looksNoMore).toHaveBeenCalled()
  })

  it('comes back from a packet that the ledger refuses, and from one whose delivery fails by a bug of ours', async () => {
    const poor = newPeer('poor', node.usd)
    await node.addPeer(poor)
    expect(new Set(await codesOf(Array.from({ length: 300 }, (_, n) => dear(poor, n))))).toEqual(new Set(['T04']))
    node.answerAsPeer = () => {
      throw new Error('a bug')
    }
    expect(new Set(await codesOf(sendMany(256)))).toEqual(new Set(['T00']))
    node.answerAsPeer = async () => FULFILLED
    expect(await send(node.alice, 256)).toMatchObject({ type: 'fulfill' })
  })

  it('comes back when a step behind throws', async () => {
    const places = new PeerPlaces(node.clock)
    const parts = {
      clock: node.clock,
      metrics: node.connectorMetrics,
      minMessageWindowMs: 1_000,
      maxHoldTimeMs: 30_000,
    }
    const refuse = refuseAt(new NodeAddress(NODE_ADDRESS, TENANT_ID))
    const throwing: Handler = () => {
      throw new Error('a bug')
    }
    const step = awaitPlace(places, parts, refuse)(throwing)
    const packet = newPacket(bytesOf(), decodePrepare(bytesOf()), peerAccount(node.alice), NOW_MS)
    packet.destination = peerAccount(node.bob)
    await expect(step(packet)).rejects.toThrow('a bug')
    expect(places.of(node.bob).isIdle).toBe(true)
  })

  it('of a peer whose replies come to our callback is one of thousands: its packets keep no connections busy', async () => {
    const alone = { jwtSubject: null, furtherEndpoints: [], endpointsAreOneNode: false }
    const outgoingOptions: OutgoingOptions = { mode: 'asynchronous', ...alone }
    node.changePeer(node.bob, { outgoingOptions })
    void sendMany(300)
    await pass(0)
    expect(held).toHaveLength(300)
  })
})

function dear(source: typeof node.alice, n: number): Promise<Reply> {
  return node.sendFrom(source, { amount: 2_000_000n, data: Buffer.from(`packet ${n}`) })
}

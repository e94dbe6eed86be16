import type { ServerResponse } from 'node:http'
import { Counter, closeConnection, pay, type ResolvedPayment, startQuote } from '@interledger/pay'
import type { Asset } from '@kivuko/assets'
import { makeIlpPlugin, peerAccount } from '@kivuko/connector'
import { decodePrepare, type Prepare, type Reply } from '@kivuko/ilp'
import type { Peer } from '@kivuko/peering'
import { isValidIlpAddress } from 'ilp-packet'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { waitFor } from '../harness/wait-for.js'
import { MemoryNode } from './memory-node.js'
import { FULFILL, gainedBy, sendFrom } from './packets.js'
import { answersWith, ScriptedPeer } from './scripted-peer.js'

const HELD = 'test.bob.held'
const ANSWERED = 'test.bob.account'
// As many packets of one source as a next hop gets at a time.
const PLACES = 256

let node: MemoryNode
let usd: Asset
let hoarder: Peer
let alice: Peer
let bob: ScriptedPeer
let bobNode: MemoryNode
let bobUsd: Asset
let held: ServerResponse[]

/** Bob holds what goes to one of his accounts, answers what goes to another, and gives all else to a node of his own. */
beforeEach(async () => {
  node = new MemoryNode({ ilpAddress: 'test.kivuko' })
  usd = await node.openAsset('USD', 2)
  bobNode = new MemoryNode({ ilpAddress: 'test.bob' })
  bobUsd = await bobNode.openAsset('USD', 2)
  bob = await ScriptedPeer.start()
  const outgoingEndpoint = 'http://127.0.0.1:9/'
  hoarder = await node.addPeer(usd, { staticIlpAddress: 'test.hoarder', outgoingEndpoint }, 'h')
  alice = await node.addPeer(usd, { staticIlpAddress: 'test.alice', outgoingEndpoint }, 'a')
  await node.addPeer(usd, { staticIlpAddress: 'test.bob', outgoingEndpoint: bob.url }, 'b')
  const us = await bobNode.addPeer(bobUsd, { staticIlpAddress: 'test.kivuko', outgoingEndpoint }, 'k')
  held = []
  bob.does(async (response, request) => {
    const body = Buffer.from(bob.requests.at(-1)?.body ?? '')
    const { destination } = decodePrepare(body)
    if (destination === HELD) held.push(response)
    else if (destination === ANSWERED) await answersWith(200, FULFILL)(response, request)
    else await answersWith(200, await bobNode.connector.handle(body, peerAccount(us)))(response, request)
  })
})
afterEach(async () => {
  bob.does(answersWith(200, FULFILL))
  releaseHeld()
  await node.connector.beforeApplicationShutdown()
  await bob.close()
})

function releaseHeld(): void {
  for (const response of held.splice(0)) response.writeHead(200).end(FULFILL)
}

/** Packets of one unit that are held, from one source: once as many as bob gets at a time are there. */
async function hoard(count: number): Promise<{ readonly replies: Promise<Reply[]> }> {
  const expiresAt = new Date(node.clock.nowMs() + 30_000)
  const replies = Promise.all(Array.from({ length: count }, () => toHeld({ expiresAt })))
  await waitFor('all places are taken', () => held.length === PLACES)
  return { replies }
}

function toHeld(change: Partial<Prepare>): Promise<Reply> {
  return sendFrom(node, hoarder, { amount: 1n, destination: HELD, ...change })
}

async function fulfilledOf(replies: Promise<readonly Reply[]>): Promise<number> {
  return (await replies).filter(({ type }) => type === 'fulfill').length
}

describe('a next hop that holds 300 packets of one source', () => {
  it('gets and answers the packets of another source meanwhile', async () => {
    const { replies } = await hoard(300)
    const others = Promise.all(Array.from({ length: 100 }, () => sendFrom(node, alice)))
    expect(await fulfilledOf(others)).toBe(100)
    expect(held).toHaveLength(PLACES)
    bob.does(answersWith(200, FULFILL))
    releaseHeld()
    expect(await fulfilledOf(replies)).toBe(300)
    expect([await gainedBy(node, hoarder), await gainedBy(node, alice)]).toEqual([-300n, -10_000n])
  })

  it('is paid through by one of our own payments meanwhile', async () => {
    const { replies } = await hoard(300)
    const receiver = await bobNode.openReceiver(bobUsd)
    const before = await bobNode.held(receiver.accountId)
    const destination = destinationOf(receiver)
    const sourceAsset = { code: 'USD', scale: 2 }
    const prices = { USD: 1 }
    const probing = makeIlpPlugin(node.connector, await node.openPayment(usd, true))
    const quote = await startQuote({
      plugin: probing,
      destination,
      sourceAsset,
      slippage: 0,
      prices,
      amountToSend: 500n,
    })
    const plugin = makeIlpPlugin(node.connector, await node.openPayment(usd))
    const progress = await pay({ plugin, destination, quote })
    await closeConnection(plugin, destination)
    expect([progress.error, progress.amountDelivered]).toEqual([undefined, 500n])
    expect((await bobNode.held(receiver.accountId)) - before).toBe(500n)
    expect(held).toHaveLength(PLACES)
    bob.does(answersWith(200, FULFILL))
    releaseHeld()
    expect(await fulfilledOf(replies)).toBe(300)
  })

  it('has answered them all when the node has closed', async () => {
    let answered = 0
    const { replies } = await hoard(300)
    bob.does(answersWith(200, FULFILL))
    const closed = node.connector.beforeApplicationShutdown()
    void replies.then(({ length }) => {
      answered = length
    })
    releaseHeld()
    await closed
    expect(answered).toBe(300)
    expect(await fulfilledOf(replies)).toBe(300)
  })

  it('never gets those of them whose time to wait is over: T03, with nothing reserved', async () => {
    const { replies } = await hoard(PLACES)
    const late = await Promise.all(
      Array.from({ length: 44 }, () => toHeld({ expiresAt: new Date(node.clock.nowMs() + 3_000) })),
    )
    const message = expect.stringMatching(/^next hop busy, try again later: .*\(256\).* peer=test\.bob$/)
    for (const reply of late) expect(reply).toMatchObject({ code: 'T03', message, triggeredBy: 'test.kivuko' })
    expect(bob.requests).toHaveLength(PLACES)
    expect(await node.ledger.openReservations({ limit: 1_000 })).toHaveLength(PLACES)
    releaseHeld()
    expect(await fulfilledOf(replies)).toBe(PLACES)
    expect(await gainedBy(node, hoarder)).toBe(-256n)
  })
})

function destinationOf({ ilpAddress, sharedSecret }: { ilpAddress: string; sharedSecret: Buffer }): ResolvedPayment {
  const requestCounter = Counter.from(0)
  if (!requestCounter) throw new Error('0 is a packet count')
  if (!isValidIlpAddress(ilpAddress)) throw new Error(`${ilpAddress} is no ILP address`)
  const destinationAsset = { code: 'USD', scale: 2 }
  return { destinationAddress: ilpAddress, sharedSecret, destinationAsset, requestCounter }
}

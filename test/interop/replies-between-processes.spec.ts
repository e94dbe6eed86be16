import { peerAccount, type ReplyWire } from '@kivuko/connector'
import { conditionOf, decodeReply, encodePrepare, encodeReply, fulfill } from '@kivuko/ilp'
import type { Door } from '@kivuko/rooms'
import { request } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePorts } from '../harness/listen.js'
import { openMemoryDoor } from './memory-door.js'
import { FUNDS, MemoryNode } from './memory-node.js'
import { ScriptedPeer } from './scripted-peer.js'

const OCTETS = 'application/octet-stream'
const FULFILLMENT = Buffer.alloc(32, 5)
const ASYNCHRONOUS = {
  mode: 'asynchronous',
  jwtSubject: null,
  furtherEndpoints: [],
  endpointsAreOneNode: false,
} as const

/** Two processes of one node: one sends, at the door of the other replies arrive. */
let sender: MemoryNode
let receiver: MemoryNode
let door: Door
let bob: ScriptedPeer
const ears = new Map<string, (text: string) => Promise<void>>()

const wire: ReplyWire = {
  tell: async (process, text) => ears.get(process)?.(text),
  hear: (process, take) => void ears.set(process, take),
}

beforeEach(async () => {
  const [port = 0] = await freePorts(1)
  const options = { ilpAddress: 'test.kivuko', connectorUrl: `http://127.0.0.1:${port}`, wire }
  sender = new MemoryNode(options)
  receiver = new MemoryNode(options)
  door = await openMemoryDoor(receiver, port)
  bob = await ScriptedPeer.start()
})
afterEach(async () => {
  await bob.close()
  await door.close()
  for (const { connector } of [sender, receiver]) await connector.beforeApplicationShutdown()
})

async function answerCallback(reply: Buffer): Promise<number> {
  const headers = bob.requests[0]?.headers
  const requestId = headers?.['request-id']?.toString() ?? ''
  const authorization = 'Bearer b'
  const response = await request(headers?.['callback-url']?.toString() ?? '', {
    method: 'POST',
    headers: { 'content-type': OCTETS, 'request-id': requestId, authorization },
    body: reply,
  })
  await response.body.dump()
  return response.statusCode
}

/** A packet that bob has taken, and owes the reply to. */
async function held() {
  const usd = await sender.openAsset('USD', 2)
  const way = { staticIlpAddress: 'test.bob', outgoingEndpoint: bob.url, outgoingOptions: ASYNCHRONOUS }
  const there = await sender.addPeer(usd, way, 'b')
  await receiver.addPeer(await receiver.openAsset('USD', 2), { ...way, id: there.id }, 'b')
  const payer = await sender.addPeer(usd, { staticIlpAddress: 'test.payer', outgoingEndpoint: bob.url }, 'p')
  const packet = encodePrepare({
    amount: 100n,
    expiresAt: new Date(sender.clock.nowMs() + 10_000),
    executionCondition: conditionOf(FULFILLMENT),
    destination: 'test.bob.account',
    data: Buffer.alloc(0),
  })
  bob.does((response) => void response.writeHead(202).end())
  const arrived = bob.nextRequest()
  const outcome = sender.connector.handle(packet, peerAccount(payer))
  await arrived
  return { outcome, there }
}

describe('a reply that arrives at another process', () => {
  it('is handed to the one that awaits it, once', async () => {
    const { outcome, there } = await held()
    const reply = encodeReply(fulfill(FULFILLMENT, Buffer.from('thanks')))
    expect(await answerCallback(reply)).toBe(200)
    expect(decodeReply(await outcome)).toEqual(fulfill(FULFILLMENT, Buffer.from('thanks')))
    expect((await sender.held(peerAccount(there).accountId)) - FUNDS).toBe(100n)
    expect(await answerCallback(reply)).toBe(400)
  })

  it('that has ended is to be tried again, until its packet expires', async () => {
    const { outcome } = await held()
    const process = new URL(bob.requests[0]?.headers['callback-url']?.toString() ?? '').searchParams.get('process')
    const ear = ears.get(process ?? '')
    ears.delete(process ?? '')
    const reply = encodeReply(fulfill(FULFILLMENT))
    expect(await answerCallback(reply)).toBe(503)
    if (ear) ears.set(process ?? '', ear)
    expect(await answerCallback(reply)).toBe(200)
    expect(decodeReply(await outcome).type).toBe('fulfill')
  })

  it('in more bytes than can be handed on is refused', async () => {
    const { outcome } = await held()
    expect(await answerCallback(encodeReply(fulfill(FULFILLMENT, Buffer.alloc(8_000))))).toBe(400)
    expect(await answerCallback(encodeReply(fulfill(FULFILLMENT)))).toBe(200)
    expect(decodeReply(await outcome).type).toBe('fulfill')
  })
})

import { decodeReply } from '@kivuko/ilp'
import type { Door } from '@kivuko/rooms'
import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { whole } from '../harness/run-form.js'
import { openMemoryDoor } from './memory-door.js'
import { MemoryNode } from './memory-node.js'
import { prepareAt } from './packets.js'

const PER_MINUTE = 600
const PER_MS = PER_MINUTE / 60_000
// Ten times the limit, in ten bursts a second.
const BURST = PER_MINUTE / 60
const BURST_EVERY_MS = 100
const FLOOD_MS = whole(4_000, 120_000)

const node = new MemoryNode({ ilpAddress: 'test.kivuko' })
let door: Door

beforeAll(async () => {
  const usd = await node.openAsset('USD', 2)
  const outgoingEndpoint = 'http://127.0.0.1:9/'
  const limits = { packetsPerMinute: PER_MINUTE, incomingAmountPerSecond: null, outgoingAmountPerSecond: null }
  await node.addPeer(usd, { staticIlpAddress: 'test.flooder', outgoingEndpoint, limits }, 'flooder')
  await node.addPeer(usd, { staticIlpAddress: 'test.neighbour', outgoingEndpoint }, 'neighbour')
  door = await openMemoryDoor(node)
})
afterAll(async () => {
  await door.close()
  await node.connector.beforeApplicationShutdown()
})

/** The code it is answered with; F02, since nobody is at the address, for each packet that passes the limit. */
async function send(token: string): Promise<string> {
  const body = prepareAt(node, { destination: 'test.nobody.anywhere' })
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' }
  const response = await request(`${door.url}/ilp`, { method: 'POST', headers, body })
  const reply = decodeReply(Buffer.from(await response.body.arrayBuffer()))
  return reply.type === 'reject' ? reply.code : 'fulfilled'
}

let passed = 0

async function flood(): Promise<boolean> {
  const codes = await Promise.all(Array.from({ length: BURST }, () => send('flooder')))
  const refused = codes.filter((code) => code === 'T05').length
  passed += codes.length - refused
  return refused > 0
}

/** Sends until something is refused: between the two times less than one packet was left to it. */
async function drain(): Promise<{ readonly fromMs: number; readonly untilMs: number }> {
  for (;;) {
    const fromMs = node.clock.nowMs()
    if (await flood()) return { fromMs, untilMs: node.clock.nowMs() }
  }
}

describe('a peer at ten times its limit', () => {
  it('gets exactly its limit, and its neighbour notices nothing', async () => {
    const startedMs = node.clock.nowMs()
    const first = await drain()
    // What it had not used before may come at once, and no more than that.
    expect(passed).toBeGreaterThanOrEqual(PER_MINUTE)
    expect(passed).toBeLessThanOrEqual(PER_MINUTE + Math.floor((first.untilMs - startedMs) * PER_MS))
    passed = 0
    const neighbour = new Set<string>()
    while (node.clock.nowMs() - first.untilMs < FLOOD_MS) {
      const [code] = await Promise.all([send('neighbour'), flood(), pause(BURST_EVERY_MS)])
      neighbour.add(code)
    }
    const last = await drain()
    expect(passed).toBeGreaterThanOrEqual(Math.floor((last.fromMs - first.untilMs) * PER_MS))
    expect(passed).toBeLessThanOrEqual(1 + Math.floor((last.untilMs - first.fromMs) * PER_MS))
    expect([...neighbour]).toEqual(['F02'])
  }, 200_000)
})

function pause(ms: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, ms))
}

import { fork } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { conditionOf, decodeReply, encodePrepare } from '@kivuko/ilp'
import type { Door } from '@kivuko/rooms'
import { request } from 'undici'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { whole } from '../harness/run-form.js'
import { timed } from '../harness/tries.js'
import { waitFor } from '../harness/wait-for.js'
import { openMemoryDoor } from './memory-door.js'
import { MemoryNode } from './memory-node.js'

const CONNECTIONS = whole(1_500, 10_000)
// The door gives a request 10 seconds, and looks every 2 whether they are over.
const CUT_OFF_WITHIN_MS = 20_000
// What the neighbour is used to is a few milliseconds. These tests may share their processor with others, and to cut off
// thousands at once takes the door a moment: single packets may wait for that.
const ANSWERED_WITHIN_MS = 5_000
const USUALLY_WITHIN_MS = 500

const CROWD = new URL('./crowd-client.mjs', import.meta.url)

const node = new MemoryNode({ ilpAddress: 'test.kivuko' })
const sockets: Socket[] = []
let door: Door
let port: number

beforeAll(async () => {
  const usd = await node.openAsset('USD', 2)
  const outgoingEndpoint = 'http://127.0.0.1:9/'
  for (const name of ['neighbour', 'crowd']) {
    await node.addPeer(usd, { staticIlpAddress: `test.${name}`, outgoingEndpoint }, name)
  }
  door = await openMemoryDoor(node)
  port = Number.parseInt(new URL(door.url ?? '').port, 10)
})
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
})
afterAll(async () => {
  await door.close()
  await node.connector.beforeApplicationShutdown()
})

function head(token: string, length: number): string {
  const fields = ['Host: x', `Authorization: Bearer ${token}`, 'Content-Type: application/octet-stream']
  return `POST / HTTP/1.1\r\n${fields.join('\r\n')}\r\nContent-Length: ${length}\r\n\r\n`
}

/** A connection that sends this once it is open, and what it gets to hear. */
function open(first: string | Buffer): Promise<{ readonly heard: () => string; readonly isOver: () => boolean }> {
  return new Promise((resolve, reject) => {
    let heard = ''
    let isOver = false
    const socket = connect(port, '127.0.0.1', () => {
      if (first.length > 0) socket.write(first)
      resolve({ heard: () => heard, isOver: () => isOver })
    })
    sockets.push(socket)
    socket.on('data', (octets) => {
      heard += octets.toString('latin1')
    })
    socket.on('close', () => {
      isOver = true
    })
    socket.on('error', (error) => (socket.connecting ? reject(error) : undefined))
  })
}

function prepare(): Buffer {
  return encodePrepare({
    amount: 100n,
    expiresAt: new Date(node.clock.nowMs() + 10_000),
    executionCondition: conditionOf(Buffer.alloc(32)),
    destination: 'test.nobody.anywhere',
    data: Buffer.alloc(0),
  })
}

/** Milliseconds until the neighbour's packet is answered: F02, since nobody is at the address. */
async function neighbourWaits(): Promise<number> {
  const startedMs = node.clock.nowMs()
  const headers = { authorization: 'Bearer neighbour', 'content-type': 'application/octet-stream' }
  const response = await request(`${door.url}/`, { method: 'POST', headers, body: prepare() })
  expect(decodeReply(Buffer.from(await response.body.arrayBuffer()))).toMatchObject({ code: 'F02' })
  return node.clock.nowMs() - startedMs
}

describe('a crowd of connections', () => {
  it(`that send nothing, half a head or half a body (${CONNECTIONS} of them) holds up nobody, and is cut off`, {
    ...timed,
    timeout: 300_000,
  }, async () => {
    const firsts = ['', 'POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ', `${head('crowd', 60_000)}some`, head('stranger', 100)]
    const crowd = fork(CROWD, [`${port}`, `${CONNECTIONS}`, ...firsts])
    onTestFinished(() => void crowd.kill())
    const told: unknown[] = []
    crowd.on('message', (message) => told.push(message))
    await waitFor('all are open', () => told.includes('open'), { deadlineMs: 120_000 })
    const waits: number[] = []
    for (let packets = 0; packets < 50; packets++) waits.push(await neighbourWaits())
    waits.sort((a, b) => a - b)
    expect(waits.at(-1)).toBeLessThan(ANSWERED_WITHIN_MS)
    expect(waits.at(waits.length / 2)).toBeLessThan(USUALLY_WITHIN_MS)
    await waitFor('all are cut off', () => told.includes('over'), { deadlineMs: CUT_OFF_WITHIN_MS })
    expect(await neighbourWaits()).toBeLessThan(ANSWERED_WITHIN_MS)
  })

  it('that never read what they are answered holds up nobody', timed, async () => {
    const packet = prepare()
    const once = Buffer.concat([Buffer.from(head('crowd', packet.length)), packet])
    for (let connections = 0; connections < 50; connections++) {
      await open(Buffer.concat(Array.from({ length: 200 }, () => once)))
      sockets.at(-1)?.pause()
    }
    for (let packets = 0; packets < 10; packets++) expect(await neighbourWaits()).toBeLessThan(ANSWERED_WITHIN_MS)
  })
})

describe('a body of another length than was said', () => {
  const answeredOnce = (heard: string) => heard.split('HTTP/1.1 ').length - 1

  it('that is longer: what follows is no request, and ends the connection', timed, async () => {
    const packet = prepare()
    const { heard, isOver } = await open(Buffer.concat([Buffer.from(head('crowd', packet.length)), packet, packet]))
    await waitFor('the connection is closed', async () => (isOver() ? true : undefined))
    expect(heard()).toContain('HTTP/1.1 400 ')
    expect(await neighbourWaits()).toBeLessThan(ANSWERED_WITHIN_MS)
  })

  it.each([
    ['a negative length', 'Content-Length: -1'],
    ['a length that is no number', 'Content-Length: 1e3'],
    ['two lengths', 'Content-Length: 10\r\nContent-Length: 11'],
    ['a length beside chunks', 'Content-Length: 10\r\nTransfer-Encoding: chunked'],
    ['chunks of no size', 'Transfer-Encoding: chunked\r\n\r\nzz\r\n'],
  ])('%s is refused with 400, and ends the connection', async (_, field) => {
    const fields = ['Host: x', 'Authorization: Bearer crowd', 'Content-Type: application/octet-stream', field]
    const { heard, isOver } = await open(`POST / HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n0123456789`)
    await waitFor('the connection is closed', async () => (isOver() ? true : undefined))
    expect(heard()).toMatch(/^HTTP\/1.1 400 /)
    expect(answeredOnce(heard())).toBe(1)
    expect(await neighbourWaits()).toBeLessThan(ANSWERED_WITHIN_MS)
  })
})

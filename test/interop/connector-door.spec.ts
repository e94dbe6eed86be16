import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { Unanswered } from '@kivuko/connector'
import { conditionOf, decodePrepare, decodeReply, encodePrepare, encodeReply, fulfill, type Prepare } from '@kivuko/ilp'
import type { Door } from '@kivuko/rooms'
import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { waitFor } from '../harness/wait-for.js'
import { openMemoryDoor } from './memory-door.js'
import { MemoryNode } from './memory-node.js'
import { ScriptedPeer } from './scripted-peer.js'

const node = new MemoryNode({ ilpAddress: 'test.kivuko' })
const OCTETS = 'application/octet-stream'
let door: Door

beforeAll(async () => {
  const usd = await node.openAsset('USD', 2)
  await node.addPeer(usd, { staticIlpAddress: 'test.alice', outgoingEndpoint: 'http://127.0.0.1:9/' }, 'alices-token')
  door = await openMemoryDoor(node)
})
afterAll(async () => {
  await door.close()
  await node.connector.beforeApplicationShutdown()
})

function prepare(change: Partial<Prepare> = {}): Buffer {
  return encodePrepare({
    amount: 100n,
    expiresAt: new Date(node.clock.nowMs() + 10_000),
    executionCondition: conditionOf(Buffer.alloc(32)),
    destination: 'test.nobody.anywhere',
    data: Buffer.alloc(0),
    ...change,
  })
}

const asAlice = { authorization: 'Bearer alices-token', 'content-type': OCTETS }

async function post(headers: Record<string, string>, body: Buffer | string = prepare(), path = '/ilp') {
  const response = await request(`${door.url}${path}`, { method: 'POST', headers, body })
  const bytes = Buffer.from(await response.body.arrayBuffer())
  return {
    status: response.statusCode,
    type: response.headers['content-type'],
    text: bytes.toString(),
    bytes,
    headers: response.headers,
  }
}

function preimageOf(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest()
}

function sendRaw(text: string): Promise<string> {
  const socket = connect(Number(new URL(door.url ?? '').port), '127.0.0.1')
  const received: Buffer[] = []
  socket.on('data', (chunk) => received.push(chunk))
  return new Promise((resolve, reject) => {
    socket.on('close', () => resolve(Buffer.concat(received).toString())).on('error', reject)
    socket.write(text)
  })
}

describe('a packet that comes over HTTP', () => {
  it.each(['/', '/ilp', '/any/path/at/all?with=query', '/healthz'])(
    'is answered with a packet, at %s',
    async (path) => {
      const { status, type, bytes } = await post(asAlice, prepare(), path)
      expect([status, type]).toEqual([200, OCTETS])
      expect(decodeReply(bytes)).toMatchObject({ code: 'F02', triggeredBy: 'test.kivuko' })
    },
  )

  it('is taken with the scheme and the media type in any case, and with a parameter', async () => {
    const headers = { authorization: 'bearer alices-token', 'content-type': 'Application/Octet-Stream; charset=binary' }
    expect((await post(headers)).status).toBe(200)
  })

  it('of which it is not known yet whether it was taken is answered as one whose answer was lost', async () => {
    vi.spyOn(node.connector, 'handle').mockRejectedValueOnce(new Unanswered('the ledger did not answer'))
    expect(await post(asAlice)).toMatchObject({ status: 504, text: expect.stringContaining('the same bytes again') })
    expect((await post(asAlice)).status).toBe(200)
  })

  it('that is no packet is answered with the reject F01', async () => {
    const { status, bytes } = await post(asAlice, 'this is no packet')
    expect(status).toBe(200)
    expect(decodeReply(bytes)).toMatchObject({
      code: 'F01',
      message: 'the packet type is 116: expected a prepare (12)',
    })
  })
})

describe('packets of two peers for one next hop', () => {
  it('are answered each on its own connection, whatever the order in which the next hop answers', async () => {
    const usd = await node.openAsset('USD', 4)
    const bob = await ScriptedPeer.start()
    const later: (() => void)[] = []
    await node.addPeer(usd, { staticIlpAddress: 'test.next', outgoingEndpoint: bob.url }, 'nexts-token')
    await node.addPeer(usd, { staticIlpAddress: 'test.carol', outgoingEndpoint: bob.url }, 'carols-token')
    bob.does((response) => {
      const { data } = decodePrepare(bob.requests.at(-1)?.body ?? Buffer.alloc(0))
      later.push(() => response.writeHead(200).end(encodeReply(fulfill(preimageOf(data), data))))
    })
    const replies = Array.from({ length: 40 }, async (_, number) => {
      const data = Buffer.from(`packet ${number}`)
      const authorization = `Bearer ${number % 2 === 0 ? 'alices' : 'carols'}-token`
      const executionCondition = conditionOf(preimageOf(data))
      const packet = prepare({ destination: 'test.next', executionCondition, data })
      return decodeReply((await post({ ...asAlice, authorization }, packet)).bytes)
    })
    await waitFor('all packets are at the next hop', () => later.length === replies.length)
    for (const answer of later.reverse()) answer()
    const expected = replies.map((_, number) => Buffer.from(`packet ${number}`))
    expect(await Promise.all(replies)).toEqual(expected.map((data) => fulfill(preimageOf(data), data)))
    await bob.close()
  })
})

describe('what is refused at the door', () => {
  it('401 without a token', async () => {
    const { status, text, headers } = await post({ 'content-type': OCTETS })
    expect([status, text]).toEqual([401, 'Bearer token required in Authorization header'])
    expect(headers['www-authenticate']).toBe('Bearer')
  })

  it.each(['Basic YWxpY2U6YWxpY2U=', 'alices-token', 'Bearer', 'Bearer '])(
    '401 with another authorization: %s',
    async (authorization) => {
      expect((await post({ ...asAlice, authorization })).status).toBe(401)
    },
  )

  it.each(['Bearer alices-toke', 'Bearer alices-token2', 'Bearer ALICES-TOKEN'])(
    '401 with a wrong token: %s',
    async (authorization) => {
      const { status, text } = await post({ ...asAlice, authorization })
      expect([status, text]).toEqual([401, 'Access Denied - Invalid Token'])
    },
  )

  it.each(['application/json', 'text/plain', 'application/octet'])('415 with another media type: %s', async (type) => {
    const { status, text } = await post({ ...asAlice, 'content-type': type })
    expect([status, text]).toEqual([415, `Expected Content-Type of application/octet-stream, found "${type}"`])
  })

  it('415 without a media type', async () => {
    const { status, text } = await post({ authorization: asAlice.authorization })
    expect([status, text]).toEqual([415, 'Expected Content-Type of application/octet-stream, found none'])
  })

  it('400 without a body', async () => {
    const { status, text } = await post(asAlice, '')
    expect([status, text]).toEqual([400, 'The body is empty: expected an ILP packet'])
  })

  it('411 with a body whose length is not said', async () => {
    const head = ['POST / HTTP/1.1', 'Host: x', 'Authorization: Bearer alices-token', `Content-Type: ${OCTETS}`]
    const answer = await sendRaw(`${head.join('\r\n')}\r\nConnection: close\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 411 /)
    expect(answer).toContain('Expected a Content-Length, or a body in chunks')
  })

  it('413 with more than the limit, announced or not', async () => {
    const body = Buffer.alloc(65_537)
    const announced = await post(asAlice, body)
    expect([announced.status, announced.text]).toEqual([413, 'Expected a body of at most 65536 bytes'])
    const response = await fetch(`${door.url}/`, {
      method: 'POST',
      headers: asAlice,
      body: new Blob([body]).stream(),
      duplex: 'half',
    })
    expect(response.status).toBe(413)
  })

  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const)('405 with %s', async (method) => {
    const response = await request(`${door.url}/ilp`, { method, headers: { 'content-type': 'application/json' } })
    expect([response.statusCode, await response.body.text()]).toEqual([405, 'ILP packets are sent with POST'])
    expect(response.headers.allow).toBe('POST')
  })

  it('a request that takes its time is cut off, and others do not notice', async () => {
    const socket = connect(Number(new URL(door.url ?? '').port), '127.0.0.1')
    const ended = new Promise((resolve) => socket.on('close', resolve))
    socket.on('error', () => undefined).resume()
    socket.write(
      'POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer alices-token\r\nContent-Type: application/octet-stream\r\nContent-Length: 200\r\n\r\n',
    )
    expect((await post(asAlice)).status).toBe(200)
    await ended
  }, 20_000)
})

describe('the door', () => {
  it('says how it is at GET /healthz', async () => {
    const response = await request(`${door.url}/healthz`)
    expect([response.statusCode, await response.body.json()]).toMatchObject([200, { healthy: true }])
  })

  it('answers packets in flight before it closes, and takes no new ones', async () => {
    const bob = await ScriptedPeer.start()
    let answer = (_: Buffer): unknown => undefined
    bob.does((response) => {
      answer = (bytes) => response.writeHead(200).end(bytes)
    })
    const usd = await node.openAsset('USD', 3)
    await node.addPeer(usd, { staticIlpAddress: 'test.bob', outgoingEndpoint: bob.url }, 'bobs-token')
    const closing = await openMemoryDoor(node)
    const send = (bytes: Buffer) => request(closing.url ?? '', { method: 'POST', headers: asAlice, body: bytes })
    const arrived = bob.nextRequest()
    const reply = send(prepare({ destination: 'test.bob' }))
    await arrived
    const closed = closing.close()
    const late = await send(prepare()).then(
      ({ statusCode }) => statusCode,
      () => 'refused',
    )
    expect(['refused', 503]).toContain(late)
    answer(encodeReply(fulfill(Buffer.alloc(32))))
    const response = await reply
    expect(response.statusCode).toBe(200)
    expect(decodeReply(Buffer.from(await response.body.arrayBuffer())).type).toBe('fulfill')
    await closed
    await bob.close()
  })
})

import { createHash, createHmac } from 'node:crypto'
import type { Asset } from '@kivuko/assets'
import { decodeReply } from '@kivuko/ilp'
import type { OutgoingOptions, Peer } from '@kivuko/peering'
import type { Door } from '@kivuko/rooms'
import { request } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { jwtOf } from '../harness/jwt.js'
import { openMemoryDoor } from './memory-door.js'
import { MemoryNode } from './memory-node.js'
import { FULFILL, gainedBy, prepareAt, sendFrom } from './packets.js'
import { answersWith, ScriptedPeer } from './scripted-peer.js'

const SECRET = createHash('sha256').update('shared').digest('base64')
const SIGNING: OutgoingOptions = {
  mode: 'synchronous',
  jwtSubject: 'kivuko',
  furtherEndpoints: [],
  endpointsAreOneNode: false,
}

let node: MemoryNode
let door: Door
let usd: Asset
let alice: Peer
let bob: ScriptedPeer

beforeEach(async () => {
  node = new MemoryNode({ ilpAddress: 'test.kivuko' })
  bob = await ScriptedPeer.start()
  bob.does(answersWith(200, FULFILL))
  usd = await node.openAsset('USD', 2)
  const outgoingEndpoint = 'http://127.0.0.1:9/'
  const jwt = { subject: 'alice', secrets: [SECRET] }
  alice = await node.addPeer(usd, { staticIlpAddress: 'test.alice', outgoingEndpoint }, 'plain-token', jwt)
  await node.addPeer(usd, { staticIlpAddress: 'test.bob', outgoingEndpoint: bob.url, outgoingOptions: SIGNING }, SECRET)
  door = await openMemoryDoor(node)
})
afterEach(async () => {
  await bob.close()
  await door.close()
  await node.connector.beforeApplicationShutdown()
})

async function postAs(token: string, type = 'application/octet-stream') {
  const headers = { authorization: `Bearer ${token}`, 'content-type': type }
  const response = await request(door.url ?? '', { method: 'POST', headers, body: prepareAt(node, { amount: 1n }) })
  return {
    status: response.statusCode,
    bytes: Buffer.from(await response.body.arrayBuffer()),
    headers: response.headers,
  }
}

describe('a peer that shows JWTs', () => {
  it('is taken for who it is, packet after packet, and may show its plain token as well', async () => {
    const token = jwtOf('alice', SECRET)
    for (let n = 0; n < 3; n++) {
      const { status, bytes } = await postAs(token)
      expect([status, decodeReply(bytes).type]).toEqual([200, 'fulfill'])
    }
    expect((await postAs('plain-token')).status).toBe(200)
    expect(await gainedBy(node, alice)).toBe(-4n)
  })

  it.each([
    ['an expired one', jwtOf('alice', SECRET, 0)],
    ['one with another secret', jwtOf('alice', createHash('sha256').update('other').digest('base64'))],
    ['one of a subject nobody has', jwtOf('mallory', SECRET)],
    ['what is none', 'a.b.c'],
    ['its secret', SECRET.replace('=', '')],
  ])('shows %s in vain', async (_, token) => {
    const { status, bytes, headers } = await postAs(token)
    expect([status, bytes.toString()]).toEqual([401, 'Access Denied - Invalid Token'])
    expect(headers['www-authenticate']).toBe('Bearer error="invalid_token"')
  })

  it('still has to send octets', async () => {
    expect((await postAs(jwtOf('alice', SECRET), 'text/plain')).status).toBe(415)
  })
})

describe('a peer that takes JWTs', () => {
  it('is shown one that it can verify, and never the secret', async () => {
    const reply = await sendFrom(node, alice, { amount: 1n })
    expect(reply.type).toBe('fulfill')
    const [, token = ''] = bob.requests[0]?.headers.authorization?.split(' ') ?? []
    const [header = '', payload = '', signature] = token.split('.')
    const expected = createHmac('sha256', Buffer.from(SECRET, 'base64'))
      .update(`${header}.${payload}`)
      .digest('base64url')
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ sub: 'kivuko' })
    expect(signature).toBe(expected)
    expect(JSON.stringify(bob.requests[0]?.headers)).not.toContain(SECRET)
  })

  it('is shown the same one over the same connections', async () => {
    for (let n = 0; n < 10; n++) await sendFrom(node, alice)
    expect(new Set(bob.requests.map(({ headers }) => headers.authorization)).size).toBe(1)
    expect(new Set(bob.requests.map(({ clientPort }) => clientPort)).size).toBeLessThanOrEqual(2)
  })
})

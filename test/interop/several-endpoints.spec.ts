import type { Asset } from '@kivuko/assets'
import { encodeReply, type Prepare, reject } from '@kivuko/ilp'
import type { OutgoingOptions, Peer } from '@kivuko/peering'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePorts } from '../harness/listen.js'
import { waitFor } from '../harness/wait-for.js'
import { MemoryNode } from './memory-node.js'
import { FULFILL, gainedBy, sendFrom } from './packets.js'
import { answersWith, type Behaviour, cutsTheConnection, ScriptedPeer } from './scripted-peer.js'

const fulfills = answersWith(200, FULFILL)

let node: MemoryNode
let usd: Asset
let alice: Peer
let first: ScriptedPeer
let second: ScriptedPeer

beforeEach(async () => {
  node = new MemoryNode({ ilpAddress: 'test.kivuko' })
  first = await ScriptedPeer.start()
  second = await ScriptedPeer.start()
  usd = await node.openAsset('USD', 2)
  alice = await node.addPeer(usd, { staticIlpAddress: 'test.alice', outgoingEndpoint: 'http://127.0.0.1:9/' }, 'a')
})
afterEach(async () => {
  await Promise.all([first.close(), second.close()])
  await node.connector.beforeApplicationShutdown()
})

function bobAt(endpoint: string, furtherEndpoints: string[], endpointsAreOneNode = false): Promise<Peer> {
  const outgoingOptions: OutgoingOptions = {
    mode: 'synchronous',
    jwtSubject: null,
    furtherEndpoints,
    endpointsAreOneNode,
  }
  return node.addPeer(usd, { staticIlpAddress: 'test.bob', outgoingEndpoint: endpoint, outgoingOptions }, 'b')
}

const send = (change?: Partial<Prepare>) => sendFrom(node, alice, change)
const gained = (peer: Peer) => gainedBy(node, peer)
const bodies = (peer: ScriptedPeer) => peer.requests.map(({ body }) => body.toString('hex'))

describe('a peer with several endpoints', () => {
  it('is reached at the first one that works', async () => {
    first.does(fulfills)
    second.does(fulfills)
    await bobAt(first.url, [second.url])
    expect((await send()).type).toBe('fulfill')
    expect([first.requests.length, second.requests.length]).toEqual([1, 0])
  })

  it('is reached at the next one when nobody listens at the first', async () => {
    const [port] = await freePorts(1)
    second.does(fulfills)
    const bob = await bobAt(`http://127.0.0.1:${port}`, [second.url])
    expect((await send()).type).toBe('fulfill')
    expect([await gained(alice), await gained(bob)]).toEqual([-100n, 100n])
  })

  it.each([401, 404, 429, 503])(
    'is reached at the next one, with the same bytes, when the first answers HTTP %i',
    async (status) => {
      first.does(answersWith(status))
      second.does(fulfills)
      await bobAt(first.url, [second.url])
      expect((await send()).type).toBe('fulfill')
      expect(bodies(second)).toEqual(bodies(first))
    },
  )

  it('is not asked at an endpoint that keeps failing, until that is back', async () => {
    first.does(answersWith(503))
    second.does(fulfills)
    await bobAt(first.url, [second.url])
    for (let n = 0; n < 20; n++) expect((await send()).type).toBe('fulfill')
    expect(first.requests.length).toBe(5)
    expect(second.requests.length).toBe(20)
    first.does(fulfills)
    await waitFor(
      'the first to be asked again',
      async () => (await send()).type === 'fulfill' && first.requests.length > 6,
    )
  })

  it('is unreachable when none works', async () => {
    const ports = await freePorts(2)
    await bobAt(`http://127.0.0.1:${ports[0]}`, [`http://127.0.0.1:${ports[1]}`])
    expect(await send()).toMatchObject({ code: 'T01', message: expect.stringContaining('ECONNREFUSED') })
    expect(await gained(alice)).toBe(0n)
  })
})

describe('a packet that the first endpoint may have taken', () => {
  const mayBeTaken: [string, Behaviour][] = [
    ['the connection was cut', cutsTheConnection],
    ['a gateway lost the answer', answersWith(502)],
  ]

  const failed: [string, Behaviour][] = [['it failed', answersWith(500)]]

  it.each(mayBeTaken)('goes to no other node when %s, even when the first is gone then', async (_, loss) => {
    first.does(loss, answersWith(503))
    second.does(fulfills)
    await bobAt(first.url, [second.url])
    expect(await send({ expiresAt: new Date(node.clock.nowMs() + 2_300) })).toMatchObject({ code: 'R00' })
    expect(new Set(bodies(first)).size).toBe(1)
    expect(second.requests).toEqual([])
    expect(await node.ledger.openReservations({ limit: 10 })).toHaveLength(1)
  })

  it('goes to no other node when the first failed with 500, which says nothing of the packet', async () => {
    first.does(answersWith(500))
    second.does(fulfills)
    await bobAt(first.url, [second.url])
    expect(await send()).toMatchObject({ code: 'T01' })
    expect(second.requests).toEqual([])
  })

  it.each([...mayBeTaken, ...failed])(
    'goes to the other endpoints of the same node at once when %s',
    async (_, loss) => {
      first.does(loss)
      second.does(fulfills)
      const bob = await bobAt(first.url, [second.url], true)
      expect((await send()).type).toBe('fulfill')
      expect(bodies(second)).toEqual(bodies(first))
      expect([await gained(alice), await gained(bob)]).toEqual([-100n, 100n])
    },
  )

  it.each([
    ['refuse it', answersWith(503)],
    ['take none for now', answersWith(200, encodeReply(reject('T00', 'test.bob', 'starting')))],
  ])('stays unresolved when the other endpoints of the same node %s: the first may have it', async (_, behaviour) => {
    first.does(cutsTheConnection)
    second.does(behaviour)
    await bobAt(first.url, [second.url], true)
    expect(await send({ expiresAt: new Date(node.clock.nowMs() + 2_300) })).toMatchObject({ code: 'R00' })
    expect(await node.ledger.openReservations({ limit: 10 })).toHaveLength(1)
  })
})

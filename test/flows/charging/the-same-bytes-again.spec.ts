import { idFromUuid } from '@kivuko/accounting'
import { fulfill } from '@kivuko/ilp'
import { Pool } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  expiringIn,
  ForwardingNode,
  FUNDS,
  type Neighbour,
  type PacketAnswer,
  packetTo,
  postPacket,
} from '../../harness/forwarding-node.js'
import { ledgersHere, type NodeLedger, startLedger } from '../../harness/node-ledgers.js'
import { whole } from '../../harness/run-form.js'
import { waitFor } from '../../harness/wait-for.js'
import { FULFILL, FULFILLMENT } from '../../interop/packets.js'
import { answersWith, ScriptedPeer } from '../../interop/scripted-peer.js'

// Memory keeps 4,096 answers of a source; the long form has more than any earlier version kept of all sources.
const FLOOD = whole(4_200, 10_050)
const AT_ONCE = 32
const REFUSED = 300

const thanks: PacketAnswer = { status: 200, reply: fulfill(FULFILLMENT, Buffer.from('thanks')) }

describe.each(ledgersHere('the same bytes again'))('the same bytes again, with the ledger in %s', (ledgerName) => {
  let ledger: NodeLedger
  /** alice and eve send to carol by way of K2, or to sink and gate, which are next to K1. */
  let k1: ForwardingNode
  let k2: ForwardingNode
  let carol: ScriptedPeer
  let sink: ScriptedPeer
  let gate: ScriptedPeer
  let alice: Neighbour
  let eve: Neighbour
  let k2AtK1: Neighbour
  let k1AtK2: Neighbour
  let carolAtK2: Neighbour

  beforeAll(async () => {
    ledger = await startLedger(ledgerName)
    ;[carol, sink, gate] = await Promise.all([ScriptedPeer.start(), ScriptedPeer.start(), ScriptedPeer.start()])
    for (const peer of [carol, sink]) peer.does(answersWith(200, FULFILL))
    gate.does(answersWith(503))
    const ofK2 = { name: 'k2', ownProcess: false }
    ;[k1, k2] = await Promise.all([
      ForwardingNode.start({ name: 'k1' }, ledger),
      ForwardingNode.start(ofK2, await startLedger('Postgres')),
    ])
    await k1.startSecond()
    ;[alice, eve] = [await k1.neighbour('alice'), await k1.neighbour('eve')]
    k1AtK2 = await k2.neighbour('k1')
    const { token: outgoingToken } = k1AtK2
    k2AtK1 = await k1.neighbour('k2', { address: 'test.k2', endpoint: k2.urls[0], outgoingToken })
    await k1.neighbour('sink', { address: 'test.sink', endpoint: sink.url })
    await k1.neighbour('gate', { address: 'test.gate', endpoint: gate.url })
    carolAtK2 = await k2.neighbour('carol', { endpoint: carol.url, address: 'test.k2.carol' })
  })
  afterAll(async () => {
    await Promise.all([k1?.stop(), k2?.stop()])
    await Promise.all([carol?.close(), sink?.close(), gate?.close(), ledger?.stop()])
  })

  const toCarol = () => packetTo('test.k2.carol', FULFILLMENT)
  const send = (from: Neighbour, bytes: Buffer, process: 0 | 1 = 0) => postPacket(k1.urls[process], from.token, bytes)
  const restart = async () => {
    await k1.node.kill()
    await k1.node.startAgain()
  }
  const gained = () =>
    Promise.all([k1.gained(alice), k1.gained(k2AtK1), k2.gained(k1AtK2), k2.gained(carolAtK2)] as const)

  /** What the act changed of what alice, K2 at K1, K1 at K2 and carol have, and how many packets it sent on. */
  async function changesBy(act: () => Promise<unknown>) {
    const [before, sentBefore] = [await gained(), carol.requests.length]
    await act()
    const after = await gained()
    return { money: after.map((now, at) => now - (before[at] ?? 0n)), sent: carol.requests.length - sentBefore }
  }
  const once = { money: [-1_000n, 1_000n, -1_000n, 1_000n], sent: 1 }

  /** One-unit packets, `AT_ONCE` at a time. */
  async function flood(from: Neighbour): Promise<void> {
    const pool = new Pool(new URL(k1.urls[0]).origin, { connections: AT_ONCE })
    let left = FLOOD
    const lane = async () => {
      while (left-- > 0) {
        const bytes = packetTo('test.sink', FULFILLMENT, { amount: 1n })
        expect(await postPacket(k1.urls[0], from.token, bytes, pool)).toEqual(thanks)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, lane))
    await pool.close()
  }

  const keptAnswers = async () => {
    const [row] = await k1.node.database.query('select count(*)::int as kept from ledger_kept_answers')
    return z.object({ kept: z.number() }).parse(row).kept
  }
  const forgetAnswers = async () => {
    // On TigerBeetle they are written beside the posts.
    await waitFor('an answer is kept', async () => (await keptAnswers()) > 0)
    await k1.node.database.query('delete from ledger_kept_answers')
  }

  it('are answered alike and charged once after a restart, and at another process: nothing is sent again', async () => {
    const bytes = toCarol()
    const changes = await changesBy(async () => {
      expect(await send(alice, bytes)).toEqual(thanks)
      expect(await send(alice, bytes, 1)).toEqual(thanks)
      await restart()
      expect(await send(alice, bytes)).toEqual(thanks)
      expect(await send(alice, bytes, 1)).toEqual(thanks)
    })
    expect(changes).toEqual(once)
    expect(await k1.differences()).toEqual([])
  })

  it('are answered from memory, whatever other sources send', async () => {
    const bytes = toCarol()
    const changes = await changesBy(async () => {
      expect(await send(alice, bytes)).toEqual(thanks)
      await forgetAnswers()
      await flood(eve)
      expect(await send(alice, bytes)).toEqual(thanks)
    })
    expect(changes).toEqual(once)
    expect(await k1.differences()).toEqual([])
  }, 120_000)

  it('are answered from what the ledger keeps when their own source has sent many more', async () => {
    const bytes = toCarol()
    const flooded = BigInt(FLOOD)
    const changes = await changesBy(async () => {
      expect(await send(alice, bytes)).toEqual(thanks)
      await flood(alice)
      expect(await send(alice, bytes)).toEqual(thanks)
    })
    expect(changes).toEqual({ ...once, money: [-1_000n - flooded, 1_000n, -1_000n, 1_000n] })
    expect(await k1.differences()).toEqual([])
  }, 120_000)

  it('get no answer when it is not kept any more, and are listed once under their source', async () => {
    const bytes = toCarol()
    const changes = await changesBy(async () => {
      expect(await send(alice, bytes)).toEqual(thanks)
      await forgetAnswers()
      expect(await send(alice, bytes, 1)).toEqual({ status: 504, reply: undefined })
      await restart()
      expect(await send(alice, bytes)).toEqual({ status: 504, reply: undefined })
    })
    expect(changes).toEqual(once)
    expect(await k1.differences()).toEqual([
      { kind: 'answer-gone', peerId: alice.id, sourcePeerId: alice.id, amount: 1_000n },
    ])
  })

  it.each([
    ['expired ones', () => packetTo('test.sink', FULFILLMENT, expiringIn(-1)), 'R02'],
    ['those without a route', () => packetTo('test.nobody', FULFILLMENT), 'F02'],
    ['those to a paused link', () => packetTo('test.gate', FULFILLMENT, { amount: 1n }), 'T01'],
  ] as const)('of packets that are refused, no trace is left in the ledger: %s', async (_, newBytes, code) => {
    const ruth = await k1.neighbour('ruth')
    // The link is paused after the first failures.
    if (code === 'T01') for (let sent = 0; sent < 20; sent++) await send(eve, newBytes(), sent % 2 === 0 ? 0 : 1)
    const triedBefore = gate.requests.length
    // One after the other at each process: at the end of a pause no packet then overtakes the one that tries the link.
    const lane = async (process: 0 | 1) => {
      for (let sent = 0; sent < REFUSED / 2; sent++) {
        expect((await send(ruth, newBytes(), process)).reply).toMatchObject({ type: 'reject', code })
      }
    }
    await Promise.all([lane(0), lane(1)])
    const transfers = await k1.ledger.statement(idFromUuid(ruth.id), { limit: 2 * REFUSED })
    // Her deposit, and the few packets that found out whether the link works again.
    expect(transfers).toHaveLength(1 + gate.requests.length - triedBefore)
    expect(gate.requests.length - triedBefore).toBeLessThan(REFUSED / 10)
    expect(await k1.gained(ruth)).toBe(0n)
  })

  it('are answered though a limit would refuse them now', async () => {
    const ruth = await k1.neighbour('ruth')
    const bytes = toCarol()
    expect(await send(ruth, bytes)).toEqual(thanks)
    await k1.node.admin.client.request(
      'mutation ($input: UpdatePeerInput!) { updatePeer(input: $input) { peer { id } } }',
      { input: { id: ruth.id, maxPacketAmount: '10' } },
      z.unknown(),
    )
    const sentBefore = carol.requests.length
    for (const process of [0, 1] as const) {
      const another = () => send(ruth, packetTo('test.nobody', FULFILLMENT), process)
      await waitFor('the limit is known', async () => {
        const { reply } = await another()
        return reply?.type === 'reject' && reply.code === 'F08'
      })
      expect(await send(ruth, bytes, process)).toEqual(thanks)
    }
    expect(carol.requests).toHaveLength(sentBefore)
    expect(await k1.gained(ruth, FUNDS)).toBe(-1_000n)
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expiringIn, ForwardingNode, type Neighbour, packetTo, postPacket } from '../../harness/forwarding-node.js'
import { ledgersHere, type NodeLedger, startLedger } from '../../harness/node-ledgers.js'
import { whole } from '../../harness/run-form.js'
import { waitFor } from '../../harness/wait-for.js'
import { FULFILL, FULFILLMENT } from '../../interop/packets.js'
import { answersWith, type Behaviour, cutsTheConnection, ScriptedPeer } from '../../interop/scripted-peer.js'

// For how long all answers are lost: as long as the packets live.
const LOST_FOR_MS = whole(2_500, 10_000)
const env = { MIN_MESSAGE_WINDOW_MS: '200' }

/** Counts every packet that comes, however often, as software does that does not recognize repeats. */
class CountingHop {
  private constructor(
    readonly peer: ScriptedPeer,
    readonly account: Neighbour,
  ) {}

  static async start(node: ForwardingNode, name: string): Promise<CountingHop> {
    const peer = await ScriptedPeer.start()
    return new CountingHop(peer, await node.neighbour(name, { endpoint: peer.url }))
  }

  get counted(): bigint {
    return 1_000n * BigInt(this.peer.requests.length)
  }

  /** How often each packet came. */
  get copies(): number[] {
    const counts = new Map<string, number>()
    for (const { body } of this.peer.requests) {
      const bytes = body.toString('hex')
      counts.set(bytes, (counts.get(bytes) ?? 0) + 1)
    }
    return [...counts.values()]
  }
}

describe.each(ledgersHere('next hops that count'))(
  'a next hop that charges every copy, the ledger in %s',
  (ledgerName) => {
    let ledger: NodeLedger
    let k1: ForwardingNode
    let alice: Neighbour
    const hops: CountingHop[] = []

    beforeAll(async () => {
      ledger = await startLedger(ledgerName)
      k1 = await ForwardingNode.start({ name: 'k1', env, ownProcess: false }, ledger)
      alice = await k1.neighbour('alice')
    })
    afterAll(async () => {
      await k1?.stop()
      await Promise.all([...hops.map(({ peer }) => peer.close()), ledger?.stop()])
    })

    async function newHop(name: string): Promise<CountingHop> {
      const hop = await CountingHop.start(k1, name)
      hops.push(hop)
      return hop
    }

    const send = (hop: CountingHop) =>
      postPacket(k1.urls[0], alice.token, packetTo(hop.account.address, FULFILLMENT, expiringIn(LOST_FOR_MS)))

    /** What the hop has counted is what it was credited here and what is listed, one by one. */
    async function expectAllKnown(hop: CountingHop, lost: number): Promise<void> {
      const listed = async () => (await k1.differences()).filter(({ peerId }) => peerId === hop.account.id)
      await waitFor('what was lost is listed', async () => (await listed()).length >= lost)
      const one = { kind: 'released', peerId: hop.account.id, sourcePeerId: alice.id, amount: 1_000n }
      expect(await listed()).toEqual(Array.from({ length: lost }, () => one))
      expect(hop.copies).toEqual(hop.copies.map(() => 1))
      expect(await k1.gained(hop.account)).toBe(hop.counted - 1_000n * BigInt(lost))
    }

    it('gets each packet once when an answer is lost, and its source hears R00 when it expires', async () => {
      const hop = await newHop('bob')
      const before = await k1.gained(alice)
      const lost: Behaviour[] = [answersWith(502), cutsTheConnection, answersWith(502)]
      hop.peer.does(answersWith(200, FULFILL), ...lost, answersWith(200, FULFILL))
      expect((await send(hop)).reply?.type).toBe('fulfill')
      const startedMs = performance.now()
      const replies = await Promise.all(lost.map(() => send(hop)))
      for (const { reply } of replies) expect(reply).toMatchObject({ code: 'R00' })
      // Not before: until then it may be taken.
      expect(performance.now() - startedMs).toBeGreaterThan(LOST_FOR_MS / 2)
      expect((await send(hop)).reply?.type).toBe('fulfill')
      await expectAllKnown(hop, lost.length)
      expect((await k1.gained(alice)) - before).toBe(-2_000n)
    })

    it('gets each of eight packets once while all of its answers are lost', async () => {
      const hop = await newHop('carol')
      const before = await k1.gained(alice)
      hop.peer.does(answersWith(200, FULFILL), cutsTheConnection)
      await send(hop)
      const replies = await Promise.all(Array.from({ length: 8 }, () => send(hop)))
      for (const { reply } of replies) expect(reply).toMatchObject({ code: 'R00' })
      await expectAllKnown(hop, 8)
      expect((await k1.gained(alice)) - before).toBe(-1_000n)
      expect(await k1.openReservations()).toEqual([])
    })
  },
)

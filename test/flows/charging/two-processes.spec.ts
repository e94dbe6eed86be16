import { isDeepStrictEqual } from 'node:util'
import { encodeReply, reject } from '@kivuko/ilp'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expiringIn, ForwardingNode, type Neighbour, packetTo, postPacket } from '../../harness/forwarding-node.js'
import { ledgersHere, type NodeLedger, startLedger } from '../../harness/node-ledgers.js'
import { whole } from '../../harness/run-form.js'
import { waitFor } from '../../harness/wait-for.js'
import { FULFILL, FULFILLMENT } from '../../interop/packets.js'
import { CHARGED_ONCE, HoldingPeer } from './holding-peer.js'

// Longer than it takes until a process knows that another one has ended.
const HOLD_MS = 15_000
const REFUSAL = encodeReply(reject('F99', 'test.receiver', 'not now'))
const env = { MAX_HOLD_TIME_MS: `${HOLD_MS}`, MIN_MESSAGE_WINDOW_MS: '200' }

describe.each(ledgersHere('the same bytes at two processes'))('two processes, with the ledger in %s', (ledgerName) => {
  let ledger: NodeLedger
  let k1: ForwardingNode
  let alice: Neighbour
  const hops: HoldingPeer[] = []

  beforeAll(async () => {
    ledger = await startLedger(ledgerName)
    k1 = await ForwardingNode.start({ name: 'k1', env }, ledger)
    await k1.startSecond()
    alice = await k1.neighbour('alice')
  })
  afterEach(async () => {
    await Promise.all(hops.splice(0).map((hop) => hop.close()))
  })
  afterAll(async () => {
    await k1?.stop()
    await ledger?.stop()
  })

  const send = (bytes: Buffer, process: 0 | 1, from = alice) => postPacket(k1.urls[process], from.token, bytes)

  async function newHop(name: string, headers?: Readonly<Record<string, string>>) {
    const peer = await HoldingPeer.start(headers)
    hops.push(peer)
    return { peer, ...(await k1.neighbour(name, { endpoint: peer.url })) }
  }

  /** Whatever came to a process before has been to the ledger when a later packet has. */
  async function hasTakenAll(process: 0 | 1): Promise<void> {
    const probe = await newHop('probe')
    probe.peer.answersAtOnce(FULFILL)
    const eve = await k1.neighbour('eve')
    for (let sent = 0; sent < 3; sent++) await send(packetTo(probe.address, FULFILLMENT), process, eve)
  }

  it.each([
    ['rejects', REFUSAL, 'reject', 0n],
    ['fulfills', FULFILL, 'fulfill', 5_000n],
  ] as const)(
    'answer the same bytes alike, and one sends them, when the receiver %s them',
    async (_, reply, type, paid) => {
      const before = await k1.gained(alice)
      const bob = await newHop('bob')
      const packets = Array.from({ length: 5 }, () => packetTo(bob.address, FULFILLMENT))
      const first = packets.map((bytes) => send(bytes, 0))
      await bob.peer.has(5)
      const second = packets.map((bytes) => send(bytes, 1))
      await hasTakenAll(1)
      bob.peer.answer(reply, 5)
      const firstReplies = await Promise.all(first)
      // A second copy would be fulfilled.
      bob.peer.answer(FULFILL)
      const replies = [...firstReplies, ...(await Promise.all(second))]
      expect(replies.map(({ reply }) => reply?.type)).toEqual(replies.map(() => type))
      expect([bob.peer.bodies.length, await k1.gained(alice), await k1.gained(bob)]).toEqual([5, before - paid, paid])
      expect(await k1.openReservations()).toEqual([])
      expect(await k1.differences()).toEqual([])
    },
  )

  it('count a packet that its next hop never answered once, however often its bytes come', async () => {
    const count = async () => {
      const [first = 0, second = 0] = await k1.counters('ilp_connector_unresolved_ilp_packets')
      return first + second
    }
    const before = await count()
    const bob = await newHop('bob')
    const bytes = packetTo(bob.address, FULFILLMENT, expiringIn(2_500))
    const first = send(bytes, 0)
    await bob.peer.has(1)
    const again = [send(bytes, 0), send(bytes, 1)]
    expect((await first).reply).toMatchObject({ type: 'reject', code: 'R00' })
    for (const { reply } of await Promise.all(again)) expect(reply?.type).toBe('reject')
    expect([await count(), bob.peer.bodies.length]).toEqual([before + 1, 1])
    await waitFor('it is given back and listed', () => isListed(bob, 1_000n, 'released'))
  })

  /** Given back to the source, and listed as what the next hop may count. */
  async function isListed(hop: Neighbour, amount: bigint, kind = 'abandoned'): Promise<boolean> {
    const difference = { kind, peerId: hop.id, sourcePeerId: alice.id, amount }
    const isOpen = (await k1.openReservations()).some((reserved) => reserved.amount === amount)
    return !isOpen && (await k1.differences()).some((listed) => isDeepStrictEqual(listed, difference))
  }

  it('of which one is killed: the other sends its packets once more only where they are charged once', async () => {
    const before = await k1.gained(alice)
    const [bob, carol] = [await newHop('bob', CHARGED_ONCE), await newHop('carol')]
    await hasTakenAll(1)
    // Each process knows what the latest response has said.
    for (const { peer, address } of [bob, carol]) {
      const known = send(packetTo(address, FULFILLMENT), 1)
      await peer.has(1)
      peer.answer(FULFILL)
      expect((await known).reply?.type).toBe('fulfill')
    }
    const toBob = packetTo(bob.address, FULFILLMENT)
    const toCarol = packetTo(carol.address, FULFILLMENT)
    const shortLived = packetTo(carol.address, FULFILLMENT, { ...expiringIn(1_000), amount: 10n })
    for (const bytes of [toBob, toCarol, shortLived]) void send(bytes, 0).catch(() => undefined)
    await Promise.all([bob.peer.has(2), carol.peer.has(3)])
    await k1.node.kill()
    const [again, ...others] = [toBob, toCarol, shortLived].map((bytes) => send(bytes, 1))
    await bob.peer.has(3)
    bob.peer.answer(FULFILL)
    expect((await again)?.reply?.type).toBe('fulfill')
    expect(new Set(bob.peer.bodies).size).toBe(2)
    for (const other of others) expect((await other).status).toBe(504)
    expect(carol.peer.bodies).toHaveLength(3)
    for (const amount of whole([10n], [10n, 1_000n])) {
      await waitFor(`${amount} are given back and listed`, () => isListed(carol, amount), { deadlineMs: 60_000 })
    }
    // What bob was sent is charged once; what carol was sent may have been taken, and its source has it back.
    expect([await k1.gained(bob), await k1.gained(carol)]).toEqual([2_000n, 1_000n])
    const stillReserved = (await k1.openReservations()).reduce((sum, { amount }) => sum + amount, 0n)
    expect((await k1.gained(alice)) + stillReserved).toBe(before - 3_000n)
    await k1.node.startAgain()
    expect((await send(toBob, 0)).reply?.type).toBe('fulfill')
    expect(bob.peer.bodies).toHaveLength(3)
  }, 150_000)

  it.runIf(whole(false, true))(
    'of which none is left: the one that starts again gives back what was reserved, and lists it',
    async () => {
      const bob = await newHop('bob')
      void send(packetTo(bob.address, FULFILLMENT, { ...expiringIn(5_000), amount: 20n }), 0).catch(() => undefined)
      await bob.peer.has(1)
      await Promise.all([k1.node.kill(), k1.killSecond()])
      await k1.node.startAgain()
      await waitFor('it is given back and listed', () => isListed(bob, 20n), { deadlineMs: 60_000 })
      await k1.startSecond()
    },
    120_000,
  )
})

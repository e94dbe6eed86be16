import { setTimeout as sleep } from 'node:timers/promises'
import { type LedgerId, lateChargeIds, shortfallAccount, uuidFromId } from '@kivuko/accounting'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KillableDatabase } from '../../faults/killable-database.js'
import { ForwardingNode, type Neighbour, packetTo, postPacket } from '../../harness/forwarding-node.js'
import { ledgersHere, type NodeLedger, startLedger } from '../../harness/node-ledgers.js'
import { whole } from '../../harness/run-form.js'
import { waitFor } from '../../harness/wait-for.js'
import { FULFILL, FULFILLMENT } from '../../interop/packets.js'
import { HoldingPeer } from './holding-peer.js'

// Longer than a reservation lives by this setting alone.
const OUTAGE_MS = whole(11_000, 45_000)
const TWO_PHASE_TIMEOUT_SECONDS = whole('10', '40')
const HOLD_MS = whole('4000', '30000')
const env = {
  MAX_HOLD_TIME_MS: HOLD_MS,
  MIN_MESSAGE_WINDOW_MS: '200',
  TIGERBEETLE_TWO_PHASE_TIMEOUT_SECONDS: TWO_PHASE_TIMEOUT_SECONDS,
}
const IN_FLIGHT = 100

describe.each(ledgersHere('an outage of the ledger'))('packets that a next hop fulfills, the ledger in %s', (name) => {
  let ledger: NodeLedger
  let database: KillableDatabase
  let k1: ForwardingNode
  let bob: HoldingPeer
  let bobAtK1: Neighbour

  beforeAll(async () => {
    ;[ledger, database, bob] = await Promise.all([startLedger(name), KillableDatabase.start(), HoldingPeer.start()])
    k1 = await ForwardingNode.start({ name: 'k1', env, database: await database.database('k1') }, ledger)
    await k1.startSecond()
    bobAtK1 = await k1.neighbour('bob', { endpoint: bob.url })
  })
  afterAll(async () => {
    await k1?.stop()
    await Promise.all([database?.stop(), bob?.close(), ledger?.stop()])
  })

  const send = (from: Neighbour, bytes: Buffer, process: 0 | 1 = 0) => postPacket(k1.urls[process], from.token, bytes)

  /** As a power cut. */
  async function killLedger(): Promise<void> {
    if (ledger.server === undefined) await database.kill()
    else await ledger.server.kill()
  }
  async function startLedgerAgain(): Promise<void> {
    if (ledger.server === undefined) await database.startAgain()
    else await ledger.server.restart()
  }

  it('are all charged, however long it was away when they were fulfilled, and none is listed', async () => {
    const alice = await k1.neighbour('alice')
    const had = await k1.gained(bobAtK1)
    const answers = Array.from({ length: IN_FLIGHT }, (_, sent) =>
      send(alice, packetTo(bobAtK1.address, FULFILLMENT), sent % 2 === 0 ? 0 : 1),
    )
    await bob.has(IN_FLIGHT)
    await killLedger()
    const isOver = sleep(OUTAGE_MS)
    bob.answer(FULFILL)
    for (const { reply } of await Promise.all(answers)) expect(reply?.type).toBe('fulfill')
    await isOver
    await startLedgerAgain()
    const all = BigInt(IN_FLIGHT) * 1_000n
    await waitFor('all are charged', async () => (await k1.gained(alice).catch(() => 0n)) === -all, {
      deadlineMs: 60_000,
    })
    await waitFor('nothing is reserved', async () => (await k1.openReservations()).length === 0)
    expect((await k1.gained(bobAtK1)) - had).toBe(all)
    expect(await k1.differences()).toEqual([])
  }, 240_000)

  /** Of packets that the next hop holds: ended as their timeout or a wrong hand may, before they are fulfilled. */
  async function endReservations(how: 'voided' | 'expired'): Promise<LedgerId[]> {
    const ids = (await k1.openReservations()).map(({ id }) => id)
    if (how === 'voided') for (const id of ids) expect(await k1.ledger.void([id])).toMatchObject({ kind: 'accepted' })
    else {
      const expire = 'update ledger_transfers set expires_at = clock_timestamp() where id = any($1::uuid[])'
      await k1.node.database.query(expire, [ids.map(uuidFromId)])
    }
    return ids
  }

  it.each(name === 'Postgres' ? (['voided', 'expired'] as const) : (['voided'] as const))(
    'are charged under an id of their own when their reservation has ended before: %s',
    async (how) => {
      const eve = await k1.neighbour('eve')
      const [had, came] = [await k1.gained(bobAtK1), bob.bodies.length]
      const listedBefore = await k1.differences()
      const packets = [packetTo(bobAtK1.address, FULFILLMENT), packetTo(bobAtK1.address, FULFILLMENT)]
      const answers = packets.map((bytes, sent) => send(eve, bytes, sent === 0 ? 0 : 1))
      await bob.has(came + 2)
      const ids = await endReservations(how)
      bob.answer(FULFILL)
      for (const { reply } of await Promise.all(answers)) expect(reply?.type).toBe('fulfill')
      await waitFor('they are charged', async () => (await k1.gained(eve)) === -2_000n)
      expect((await k1.gained(bobAtK1)) - had).toBe(2_000n)
      for (const id of ids) expect((await k1.ledger.lookup(lateChargeIds(id))).size).toBe(1)
      expect(await k1.differences()).toEqual(listedBefore)
      // Wherever the same bytes come again, they are known as charged.
      for (const bytes of packets) for (const process of [0, 1] as const) await send(eve, bytes, process)
      expect([bob.bodies.length - came, await k1.gained(eve)]).toEqual([2, -2_000n])
    },
  )

  it('are charged as far as their source can pay by then; the rest is listed as a shortfall under it', async () => {
    const ruth = await k1.neighbour('ruth')
    const [had, came] = [await k1.gained(bobAtK1), bob.bodies.length]
    const listedBefore = await k1.differences()
    const answer = send(ruth, packetTo(bobAtK1.address, FULFILLMENT))
    await bob.has(came + 1)
    await endReservations('voided')
    await k1.drain(ruth, 400n)
    bob.answer(FULFILL)
    expect((await answer).reply?.type).toBe('fulfill')
    const shortfall = { kind: 'shortfall', peerId: ruth.id, sourcePeerId: ruth.id, amount: 600n }
    await waitFor('the shortfall is listed', async () => (await k1.differences()).length > listedBefore.length)
    expect(await k1.differences()).toEqual([...listedBefore, shortfall])
    expect(await k1.held(shortfallAccount(k1.asset).id)).toBe(-600n)
    expect([await k1.gained(ruth, 0n), (await k1.gained(bobAtK1)) - had]).toEqual([0n, 1_000n])
    for (const { debitsPosted, creditsPosted } of await k1.ledger.totals()) expect(debitsPosted).toBe(creditsPosted)
  })
})

import { randomUUID } from 'node:crypto'
import { type LedgerId, uuidFromId } from '@kivuko/accounting'
import { differenceKinds, type ListedBookDifference } from '@kivuko/reports'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { memoryAdapter, postgresAdapter, tigerBeetleAdapter } from '../ledger/adapters.js'
import type { LedgerAdapter } from '../ledger/subject.js'
import { tigerBeetleBinary, warnSkipped } from '../ledger/tigerbeetle-server.js'
import { asWithdrawal, auditedAt, DifferenceBooks, type LedgerState, ledgerStates } from './difference-books.js'
import { OPERATOR, OTHER_TENANT } from './rooms-process.js'

const isTigerBeetleHere = tigerBeetleBinary() !== undefined
if (!isTigerBeetleHere) warnSkipped('the book differences')

/** In which states of its packet a row of each kind is listed. */
const NEVER_CHARGED = ['absent', 'pending', 'voided', 'expired']
const LISTED: Readonly<Record<(typeof differenceKinds)[number], readonly string[]>> = {
  unanswered: ['absent', 'pending', 'expired'],
  released: NEVER_CHARGED,
  abandoned: NEVER_CHARGED,
  'fulfilled-late': ledgerStates,
  'answer-gone': ledgerStates,
  shortfall: ledgerStates,
  'beyond-maximum': ledgerStates,
  doubtful: ledgerStates,
}

const closure = { tenantId: undefined, reason: 'agreed with bob', amount: 10n, closedBy: OPERATOR }

function bookDifferencesOn(adapter: LedgerAdapter): void {
  let books: DifferenceBooks
  let packets: ReadonlyMap<LedgerState, LedgerId>

  beforeAll(async () => {
    books = await DifferenceBooks.open(adapter)
    const ids = await books.packetsIn(ledgerStates)
    packets = new Map(ledgerStates.map((state, index) => [state, ids[index] ?? 0n]))
  })
  afterEach(() => books.forgetRows())
  afterAll(() => books?.close())

  const packetIn = (state: LedgerState) => packets.get(state) ?? 0n
  /** Those of a row, by its id; packets of other tests are in the ledger as well. */
  const listedOf = async (ids: readonly string[]) => (await books.listed()).filter(({ id }) => ids.includes(id))

  it.each(differenceKinds)(
    'a row of the kind %s is listed until the ledger says otherwise, or for good',
    async (kind) => {
      const rows = new Map<string, string>()
      for (const [state, packetId] of packets) rows.set(await books.note(kind, packetId), state)
      const listed = await listedOf([...rows.keys()])
      expect(listed.map(({ id }) => rows.get(id)).sort()).toEqual([...LISTED[kind]].sort())
      expect(
        listed.every(
          ({ kind: of, amount, peer, asset }) => of === kind && amount === 10n && peer === 'bob' && asset === 'USD/2',
        ),
      ).toBe(true)
    },
  )

  it('a packet that expired without a row is listed under its next hop, and not when it was charged late', async () => {
    const listed = await books.listed()
    const ids = listed.map(({ id }) => id)
    expect(ids).toContain(uuidFromId(packetIn('expired')))
    for (const state of ['pending', 'posted', 'voided', 'expired, late', 'voided, late'] as const)
      expect(ids, state).not.toContain(uuidFromId(packetIn(state)))
    const found = listed.find(({ id }) => id === uuidFromId(packetIn('expired')))
    expect(found).toMatchObject({ kind: 'abandoned', peerId: books.peers.bob.id, amount: 10n, asset: 'USD/2' })
  })

  it('a packet of several legs that expired is listed once, with what its next hop was to get', async () => {
    const { carl } = books.peers
    const [across, less, more] = [books.newPacketId(), books.newPacketId(), books.newPacketId()]
    await books.expired(books.legs(across, { to: carl, sent: 10n, arrives: 9n }))
    await books.expired(books.legs(less, { sent: 10n, arrives: 8n }))
    await books.expired(books.legs(more, { sent: 10n, arrives: 13n }))
    const before = new Set([packetIn('expired')].map(uuidFromId))
    const listed = (await books.listed()).filter(({ id }) => !before.has(id))
    const told = listed.map(({ packetId, peer, amount }) => ({ packetId, peer, amount }))
    expect(told).toHaveLength(3)
    expect(told).toEqual(
      expect.arrayContaining([
        { packetId: uuidFromId(across), peer: 'carl', amount: 9n },
        { packetId: uuidFromId(less), peer: 'bob', amount: 8n },
        { packetId: uuidFromId(more), peer: 'bob', amount: 13n },
      ]),
    )
    // They are in the ledger for good: closed, so that no other test sees them.
    for (const id of [across, less, more]) await books.note('abandoned', id)
    await books.closeRows()
    expect((await books.listed()).map(({ id }) => id)).toEqual([...before])
    await books.forgetRows()
    for (const id of [across, less, more]) await books.chargeLate(id, 0)
  })

  it('a packet that expired and has a row, open or closed, is not listed a second time', async () => {
    const row = await books.note('released', packetIn('expired'))
    expect(await books.listed()).toMatchObject([{ id: row, kind: 'released' }])
    await books.closeRows()
    expect(await books.listed()).toEqual([])
  })

  it('what was noted since the audit began is left to the next one, which may find it mended', async () => {
    const early = await books.note('released', packetIn('voided'), { notedAt: auditedAt })
    const late = await books.note('shortfall', packetIn('voided'), { notedAt: new Date(auditedAt.getTime() + 1) })
    expect((await listedOf([early, late])).map(({ id }) => id)).toEqual([early])
  })

  it('a withdrawal that ran out is no packet', async () => {
    const id = books.newPacketId()
    await books.expired(books.legs(id).map(asWithdrawal))
    expect((await books.listed()).map((each) => each.id)).not.toContain(uuidFromId(id))
  })

  it('of several rows of a packet whose end they do not know one is listed, and none once its fulfillment was noted', async () => {
    const packetId = packetIn('voided')
    const abandoned = await books.note('abandoned', packetId)
    const released = await books.note('released', packetId)
    expect(await listedOf([abandoned, released])).toMatchObject([{ id: released }])
    const late = await books.note('fulfilled-late', packetId)
    expect(await listedOf([abandoned, released, late])).toMatchObject([{ id: late, kind: 'fulfilled-late' }])
    await books.closing().close({ ...closure, id: late })
    expect(await listedOf([abandoned, released, late])).toEqual([])
  })

  describe('closing', () => {
    it('ends a difference of each kind, which is kept with the reason and the amount', async () => {
      for (const kind of differenceKinds) {
        const id = await books.note(kind, packetIn('pending'))
        const closed = await books.closing().close({ ...closure, id, amount: 4n })
        expect(closed).toMatchObject({
          id,
          kind,
          closedReason: 'agreed with bob',
          closedAmount: 4n,
          closedBy: OPERATOR,
        })
        expect(await listedOf([id])).toEqual([])
        await books.forgetRows()
      }
    })

    it('ends one of an expired packet that has no row: the row is written, closed', async () => {
      const id = uuidFromId(packetIn('expired'))
      const closed = await books.closing().close({ ...closure, id })
      const row: Partial<ListedBookDifference> = {
        ...{ id, ledgerId: id, kind: 'abandoned', tenantId: OPERATOR, amount: 10n, closedAmount: 10n },
        ...{ peerId: books.peers.bob.id, sourcePeerId: books.peers.alice.id, closedReason: 'agreed with bob' },
      }
      expect(closed).toMatchObject(row)
      expect((await books.listed()).map((each) => each.id)).not.toContain(id)
      await expect(books.closing().close({ ...closure, id })).rejects.toMatchObject({ reason: 'AlreadyClosed' })
    })

    it('takes the packet of one that was noted since the audit listed it', async () => {
      const row = await books.note('abandoned', packetIn('expired'))
      const closed = await books.closing().close({ ...closure, id: uuidFromId(packetIn('expired')) })
      expect(closed.id).toBe(row)
    })

    it('is done by one of several who close at once, of a row and of an expired packet', async () => {
      for (const id of [await books.note('shortfall', packetIn('posted')), uuidFromId(packetIn('expired'))]) {
        const tries = Array.from({ length: 5 }, (_, index) =>
          books.closing().close({ ...closure, id, reason: `try ${index}` }),
        )
        const ends = await Promise.allSettled(tries)
        expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
        const refusals = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason.reason] : []))
        expect(refusals).toEqual(Array(4).fill('AlreadyClosed'))
      }
    })

    it('is refused with when and why it was closed before', async () => {
      const id = await books.note('released', packetIn('voided'))
      await books.closing().close({ ...closure, id, amount: 0n })
      await expect(books.closing().close({ ...closure, id, reason: 'again', amount: 99n })).rejects.toMatchObject({
        kind: 'conflict',
        message: `The difference "${id}" was closed at 2040-01-01T00:00:00.000Z with the amount 0: agreed with bob`,
      })
    })

    it('is refused for more than the difference comes to', async () => {
      const id = await books.note('released', packetIn('voided'))
      for (const wrong of [{ amount: 11n }, { amount: -1n }]) {
        await expect(books.closing().close({ ...closure, ...wrong, id })).rejects.toMatchObject({
          kind: 'invalid',
          message: `amount is from 0 to 10 (USD/2), what the difference "${id}" with bob comes to, found ${wrong.amount}`,
        })
      }
      expect(await listedOf([id])).toHaveLength(1)
    })

    it('is refused where the ledger says that there is no difference', async () => {
      const id = await books.note('released', packetIn('expired, late'))
      await expect(books.closing().close({ ...closure, id })).rejects.toMatchObject({
        reason: 'NoDifference',
        message: expect.stringContaining('the ledger has charged the packet since it was noted'),
      })
    })

    it('is refused for what is no difference, and for one of another tenant', async () => {
      const row = await books.note('released', packetIn('voided'))
      const unknown = { kind: 'not-found', reason: 'UnknownBookDifference' }
      const states = ['absent', 'pending', 'posted', 'voided', 'expired, late'] as const
      for (const id of [randomUUID(), ...states.map((state) => uuidFromId(packetIn(state)))])
        await expect(books.closing().close({ ...closure, id }), id).rejects.toMatchObject(unknown)
      for (const id of [row, uuidFromId(packetIn('expired'))])
        await expect(books.closing().close({ ...closure, id, tenantId: OTHER_TENANT })).rejects.toMatchObject(unknown)
      expect(await books.database.query('select 1 from book_differences')).toHaveLength(1)
    })
  })

  it('rows of which the ledger says that the books agree are closed by the node, the others stay open', async () => {
    const charged = await books.note('released', packetIn('expired, late'))
    const rejected = await books.note('unanswered', packetIn('voided'))
    const open = await books.note('released', packetIn('pending'))
    const doubtful = await books.note('doubtful', packetIn('posted'))
    expect(await books.closing().closeEnded()).toBe(2)
    expect(await books.closing().closeEnded()).toBe(0)
    const rows = await books.database.query('select id, closed_reason, closed_by, closed_amount from book_differences')
    const reasons = new Map(rows.map((row) => [row.id, row.closed_reason]))
    expect(reasons.get(charged)).toBe('the ledger has charged the packet since it was noted')
    expect(reasons.get(rejected)).toBe('the next hop has rejected the packet since it was noted')
    expect([reasons.get(open), reasons.get(doubtful)]).toEqual([null, null])
    expect(rows.every((row) => row.closed_by === null && row.closed_amount === null)).toBe(true)
  })
}

describe('differences to the books of peers, with the ledger in memory', () => bookDifferencesOn(memoryAdapter))
describe('differences to the books of peers, with the ledger in Postgres', () => bookDifferencesOn(postgresAdapter))
describe.skipIf(!isTigerBeetleHere)('differences to the books of peers, with the ledger in TigerBeetle', () =>
  bookDifferencesOn(tigerBeetleAdapter),
)

import { randomUUID } from 'node:crypto'
import type { DifferenceKind } from '@kivuko/connector'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type AdminClient, refusalOf } from '../../harness/admin-client.js'
import { noteDifference } from '../../harness/book-differences.js'
import { freePorts } from '../../harness/listen.js'
import { startNode, type TestNode } from '../../harness/node.js'
import { TENANT_ID } from '../../harness/node-settings.js'
import { createTenant, type TestTenant } from '../../harness/tenant-clients.js'

const FIELDS = `id packetId kind state peerId peerName sourcePeerId paymentId asset { code scale } amount condition
  createdAt closedAt closedReason closedAmount closedBy tenant { id }`
const LIST = `query ($after: String, $before: String, $first: Int, $last: Int, $sortOrder: SortOrder,
    $filter: BookDifferenceFilter, $tenantId: ID) {
  bookDifferences(after: $after, before: $before, first: $first, last: $last, sortOrder: $sortOrder, filter: $filter,
    tenantId: $tenantId) { edges { node { ${FIELDS} } cursor } pageInfo { hasNextPage hasPreviousPage endCursor } } }`
const CLOSE = `mutation ($input: CloseBookDifferenceInput!) {
  closeBookDifference(input: $input) { bookDifference { ${FIELDS} } } }`

const node_ = z.object({ id: z.string() }).loose()
const connection = z.object({
  edges: z.array(z.object({ node: node_ })),
  pageInfo: z.object({ hasNextPage: z.boolean(), hasPreviousPage: z.boolean(), endCursor: z.string().nullable() }),
})
const listed = z.object({ bookDifferences: connection })
const closed = z.object({ closeBookDifference: z.object({ bookDifference: node_ }) })

let node: TestNode
let shop: TestTenant
let alice: string
let bob: string
let shopsPeer: string
let monitoringUrl: string

beforeAll(async () => {
  const [port = 0] = await freePorts(1)
  monitoringUrl = `http://127.0.0.1:${port}`
  // Without a worker, which would close what the ledger has settled.
  node = await startNode({ name: 'a', env: { ROLES: 'connector,open-payments,admin', MONITORING_PORT: `${port}` } })
  shop = await createTenant(node)
  alice = await createPeer(node.admin.client, 'alice')
  bob = await createPeer(node.admin.client, 'bob')
  shopsPeer = await createPeer(shop.client, 'shop')
})
afterAll(() => node?.stop())

async function createPeer(client: AdminClient, name: string): Promise<string> {
  const found = z.object({ createAsset: z.object({ asset: node_ }) })
  const create = 'mutation ($input: CreateAssetInput!) { createAsset(input: $input) { asset { id } } }'
  const code = name.toUpperCase().slice(0, 6)
  const { createAsset } = await client.request(create, { input: { code, scale: 2 } }, found)
  const http = { outgoing: { authToken: randomUUID(), endpoint: 'http://127.0.0.1:9/' } }
  const input = { assetId: createAsset.asset.id, staticIlpAddress: `test.${name}`, name, http }
  const query = 'mutation ($input: CreatePeerInput!) { createPeer(input: $input) { peer { id } } }'
  const shape = z.object({ createPeer: z.object({ peer: node_ }) })
  return (await client.request(query, { input }, shape)).createPeer.peer.id
}

function note(kind: DifferenceKind, changes: Parameters<typeof noteDifference>[1] | object = {}): Promise<string> {
  return noteDifference(node.database, { tenantId: TENANT_ID, peerId: bob, sourcePeerId: alice, kind, ...changes })
}

async function list(variables: Record<string, unknown> = {}, client = node.admin.client) {
  const { bookDifferences } = await client.request(LIST, { first: 100, ...variables }, listed)
  return { ...bookDifferences, nodes: bookDifferences.edges.map((edge) => edge.node) }
}

const idsOf = async (variables: Record<string, unknown>, client?: AdminClient) =>
  (await list(variables, client)).nodes.map(({ id }) => id)

async function close(input: Record<string, unknown>, client = node.admin.client) {
  const whole = { reason: 'agreed with bob by letter', amount: 10n, idempotencyKey: randomUUID(), ...input }
  return (await client.request(CLOSE, { input: whole }, closed)).closeBookDifference.bookDifference
}

describe('bookDifferences', () => {
  it('shows what was noted, in the words of the API', async () => {
    const packetId = randomUUID()
    const condition = Buffer.alloc(32, 7)
    const id = await note('fulfilled-late', { packetId, condition, amount: 18_446_744_073_709_551_615n })
    const [found] = (await list({ filter: { kind: { in: ['FULFILLED_LATE'] } } })).nodes
    expect(found).toEqual({
      ...{ id, packetId, kind: 'FULFILLED_LATE', state: 'OPEN', peerId: bob, peerName: 'bob', sourcePeerId: alice },
      ...{ paymentId: null, asset: { code: 'BOB', scale: 2 }, amount: '18446744073709551615' },
      ...{ condition: condition.toString('base64'), createdAt: '2026-01-01T00:00:00.000Z', tenant: { id: TENANT_ID } },
      ...{ closedAt: null, closedReason: null, closedAmount: null, closedBy: null },
    })
  })

  it('narrows by kind, state, peer and payment, and names a filter that is wrong', async () => {
    const paymentId = randomUUID()
    const ofBob = await note('shortfall')
    const ofPayment = await note('doubtful', { peerId: alice, sourcePeerId: undefined, paymentId })
    expect(await idsOf({ filter: { kind: { in: ['SHORTFALL'] } } })).toEqual([ofBob])
    expect(await idsOf({ filter: { peerId: { in: [alice] } } })).toEqual([ofPayment])
    expect(await idsOf({ filter: { paymentId: { in: [paymentId] } } })).toEqual([ofPayment])
    expect(await idsOf({ filter: { state: { in: ['CLOSED'] } } })).toEqual([])
    await close({ id: ofBob })
    expect(await idsOf({ filter: { state: { in: ['CLOSED'] } } })).toEqual([ofBob])
    expect(await idsOf({ filter: { state: { in: ['OPEN'] }, kind: { in: ['SHORTFALL'] } } })).toEqual([])
    expect(await idsOf({ filter: { state: { notIn: ['OPEN', 'CLOSED'] } } })).toEqual([])
    const refusal = async (filter: object) => (await refusalOf(list({ filter }))).message
    expect(await refusal({ state: { in: ['OPENED'] } })).toBe('filter.state takes OPEN, CLOSED, found "OPENED"')
    expect(await refusal({ kind: { in: ['released'] } })).toContain('found "released"')
    expect(await refusal({ peerId: { in: ['bob'] } })).toBe('filter.peerId.0 must be a UUID, found "bob"')
    expect(await refusal({ paymentId: { notIn: [paymentId] } })).toContain('filter.paymentId takes only "in"')
  })

  it('comes in pages, the latest first unless asked otherwise', async () => {
    const at = (minute: number) => new Date(Date.UTC(2027, 0, 1, 0, minute))
    const minutes = [1, 2, 3, 4, 5]
    const ids: string[] = []
    for (const minute of minutes) ids.push(await note('beyond-maximum', { notedAt: at(minute) }))
    const filter = { kind: { in: ['BEYOND_MAXIMUM'] } }
    const [one, two, three, four, five] = ids
    expect(await idsOf({ filter })).toEqual([five, four, three, two, one])
    expect(await idsOf({ filter, sortOrder: 'ASC', first: 2 })).toEqual([one, two])
    const page = await list({ filter, first: 2, after: five })
    expect(page.nodes.map(({ id }) => id)).toEqual([four, three])
    expect(page.pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: true, endCursor: three })
    expect(await idsOf({ filter, first: null, last: 2, before: two })).toEqual([four, three])
  })

  it('shows a tenant its own alone, and the operator all or those of one tenant', async () => {
    const own = await note('released', { tenantId: shop.id, peerId: shopsPeer, sourcePeerId: undefined })
    const others = await note('released')
    expect(await idsOf({}, shop.client)).toEqual([own])
    expect(await idsOf({ tenantId: shop.id })).toEqual([own])
    expect(await idsOf({ filter: { kind: { in: ['RELEASED'] } } })).toEqual(expect.arrayContaining([own, others]))
    expect((await refusalOf(list({ tenantId: TENANT_ID }, shop.client))).codes).toEqual(['BAD_USER_INPUT'])
  })

  it('is a field of peers, of the open ones alone', async () => {
    const query = 'query ($id: String!) { peer(id: $id) { openDifferences(first: 100) { edges { node { id } } } } }'
    const shape = z.object({ peer: z.object({ openDifferences: connection.pick({ edges: true }) }) })
    const ofAlice = async () => {
      const { peer } = await node.admin.client.request(query, { id: alice }, shape)
      return peer.openDifferences.edges.map((edge) => edge.node.id)
    }
    const before = await ofAlice()
    const id = await note('answer-gone', { peerId: alice })
    expect(await ofAlice()).toEqual(expect.arrayContaining([...before, id]))
    await close({ id })
    expect(await ofAlice()).toEqual(before)
  })
})

describe('closeBookDifference', () => {
  it('records the reason, the amount and who closed it, and moves no money', async () => {
    const id = await note('released')
    const transfers = () => node.database.query('select id, state from ledger_transfers order by id')
    const before = await transfers()
    const answer = await close({ id, amount: 4n, reason: '  bob charged four of them ' })
    const row = {
      id,
      state: 'CLOSED',
      closedReason: 'bob charged four of them',
      closedAmount: '4',
      closedBy: TENANT_ID,
    }
    expect(answer).toMatchObject(row)
    expect(await transfers()).toEqual(before)
    const kept = (await list({ filter: { state: { in: ['CLOSED'] } } })).nodes.find((each) => each.id === id)
    expect(kept).toEqual(answer)
  })

  it('answers the same idempotency key alike, and another one with when and why it was closed', async () => {
    const id = await note('released')
    const idempotencyKey = randomUUID()
    const first = await close({ id, idempotencyKey })
    expect(await close({ id, idempotencyKey })).toEqual(first)
    const refusal = await refusalOf(close({ id }))
    expect(refusal.codes).toEqual(['CONFLICT'])
    expect(refusal.message).toBe(
      `The difference "${id}" was closed at ${first.closedAt} with the amount 10: agreed with bob by letter`,
    )
  })

  it('names what is wrong with each argument, and closes nothing then', async () => {
    const id = await note('released')
    const wrong: [Record<string, unknown>, string][] = [
      [{ id: 'bob' }, 'id must be a UUID, found "bob"'],
      [{ id: randomUUID() }, 'There is no book difference'],
      [{ reason: '' }, 'reason must say why the difference is settled, found ""'],
      [{ reason: ' \n ' }, 'reason must say why the difference is settled'],
      [{ reason: 'x'.repeat(1_001) }, 'reason must have at most 1000 characters'],
      [{ reason: null }, 'reason'],
      [{ reason: 'a\0b' }, 'NUL character'],
      [{ amount: 11n }, `amount is from 0 to 10 (BOB/2), what the difference "${id}" with bob comes to, found 11`],
      [{ amount: '-1' }, 'amount'],
      [{ amount: '1.5' }, 'amount'],
      [{ idempotencyKey: '' }, 'idempotencyKey has 1 to 255 characters'],
    ]
    for (const [input, message] of wrong) expect((await refusalOf(close({ id, ...input }))).message).toContain(message)
    expect(await close({ id, amount: 0n })).toMatchObject({ closedAmount: '0' })
  })

  it('is for the tenant whose peer it is, and for the operator', async () => {
    const others = await note('released')
    expect((await refusalOf(close({ id: others }, shop.client))).codes).toEqual(['NOT_FOUND'])
    const [own, alsoOwn] = [1, 2].map(() => note('released', { tenantId: shop.id, peerId: shopsPeer }))
    expect(await close({ id: await own }, shop.client)).toMatchObject({ closedBy: shop.id })
    expect(await close({ id: await alsoOwn })).toMatchObject({ closedBy: TENANT_ID })
  })
})

it('the metrics count the open ones by kind', async () => {
  const count = async () => {
    const text = await (await fetch(`${monitoringUrl}/metrics`)).text()
    const found = /^ilp_connector_open_book_differences\{.*kind="abandoned".*\} (\d+)$/m.exec(text)?.[1]
    return Number(found)
  }
  expect(await count()).toBe(0)
  const id = await note('abandoned')
  expect(await count()).toBe(1)
  await close({ id })
  expect(await count()).toBe(0)
})

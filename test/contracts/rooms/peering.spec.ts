import { randomUUID } from 'node:crypto'
import { idFromUuid } from '@kivuko/accounting'
import { type NewPeer, type Peer, PeerRows } from '@kivuko/peering'
import { afterAll, describe, expect, it } from 'vitest'
import { timed } from '../../harness/tries.js'
import { waitFor } from '../../harness/wait-for.js'
import { openDesk } from './desk.js'
import { newPeer } from './peer-builder.js'
import { DB_ENCRYPTION_SECRET, OPERATOR, OTHER_TENANT, type RoomsProcess } from './rooms-process.js'

const NOBODY = '99999999-9999-4999-8999-999999999999'

const desk = await openDesk('peering')
const { database, rooms, secondProcess, usd, eur, foreign } = desk
afterAll(() => desk.close())

function create(over: Partial<NewPeer> = {}): Promise<Peer> {
  return rooms.peers.create(newPeer({ assetId: usd.id, ...over }))
}

const hop = ({ peers }: RoomsProcess, to: string) => peers.routing.nextHop(OPERATOR, to)?.peerId

describe('peers', () => {
  it('are created with all they were given', async () => {
    const given = newPeer({
      assetId: usd.id,
      name: 'A bank',
      routes: ['g', 'test.partner'],
      maxPacketAmount: 2n ** 64n - 1n,
      liquidityThreshold: 100n,
      limits: { packetsPerMinute: 600, incomingAmountPerSecond: 5n },
    })
    const peer = await rooms.peers.create(given)
    expect(peer).toMatchObject({
      tenantId: OPERATOR,
      assetId: usd.id,
      asset: usd,
      name: 'A bank',
      staticIlpAddress: given.staticIlpAddress,
      routes: ['g', 'test.partner'],
      maxPacketAmount: 2n ** 64n - 1n,
      liquidityThreshold: 100n,
      limits: { packetsPerMinute: 600, incomingAmountPerSecond: 5n, outgoingAmountPerSecond: null },
      outgoingEndpoint: 'https://bank.example/ilp',
      outgoingToken: given.http.outgoing.authToken,
    })
    expect(await rooms.peers.get(OPERATOR, peer.id)).toEqual(peer)
    expect(await rooms.peers.byAddressAndAsset(OPERATOR, given.staticIlpAddress, usd.id)).toEqual(peer)
    expect(hop(rooms, 'g.anyone')).toBe(peer.id)
    await rooms.peers.delete(OPERATOR, peer.id)
  })

  it('have a ledger account in their asset', async () => {
    const { id } = await create()
    expect((await rooms.ledger.balances([idFromUuid(id)])).size).toBe(1)
    expect(await rooms.peers.liquidity(id)).toBe(0n)
  })

  it('are one per address and asset, but one address may have several assets', async () => {
    const { staticIlpAddress } = await create()
    await expect(create({ staticIlpAddress })).rejects.toMatchObject({ kind: 'duplicate', reason: 'DuplicatePeer' })
    const inEuro = await create({ staticIlpAddress, assetId: eur.id })
    expect((await rooms.peers.byAddressAndAsset(OPERATOR, staticIlpAddress, eur.id))?.id).toBe(inEuro.id)
    const moving = await create()
    const taken = rooms.peers.update(OPERATOR, moving.id, { staticIlpAddress })
    await expect(taken).rejects.toMatchObject({ kind: 'duplicate', reason: 'DuplicatePeer' })
    expect(rooms.peers.find(moving.id)?.staticIlpAddress).toBe(moving.staticIlpAddress)
  })

  it('belong to their asset’s tenant and are seen by it and the operator only', async () => {
    const elsewhere = newPeer({ assetId: foreign.id })
    await expect(rooms.peers.create(elsewhere)).rejects.toMatchObject({ kind: 'not-found', reason: 'UnknownAsset' })
    const peer = await rooms.peers.create({ ...elsewhere, tenantId: undefined })
    expect(peer.tenantId).toBe(OTHER_TENANT)
    const unknown = { kind: 'not-found', reason: 'UnknownPeer' }
    await expect(rooms.peers.get(OPERATOR, peer.id)).rejects.toMatchObject(unknown)
    await expect(rooms.peers.update(OPERATOR, peer.id, { name: 'mine' })).rejects.toMatchObject(unknown)
    await expect(rooms.peers.delete(OPERATOR, peer.id)).rejects.toMatchObject(unknown)
    const money = { tenantId: OPERATOR, peerId: peer.id, id: randomUUID(), amount: 1n }
    await expect(rooms.peers.depositLiquidity(money)).rejects.toMatchObject(unknown)
    await expect(rooms.peers.withdrawLiquidity({ ...money, timeoutSeconds: 0n })).rejects.toMatchObject(unknown)
    expect(await rooms.peers.byAddressAndAsset(OPERATOR, peer.staticIlpAddress, foreign.id)).toBeUndefined()
    expect(hop(rooms, peer.staticIlpAddress)).toBeUndefined()
    expect(rooms.peers.routing.nextHop(OTHER_TENANT, peer.staticIlpAddress)?.peerId).toBe(peer.id)
    expect((await rooms.peers.list(OPERATOR, { first: 100 })).rows.map(({ id }) => id)).not.toContain(peer.id)
    expect((await rooms.peers.list(undefined, { first: 100 })).rows.map(({ id }) => id)).toContain(peer.id)
  })

  it.each([
    [{ staticIlpAddress: 'no address' }, 'invalid', 'InvalidStaticIlpAddress'],
    [{ staticIlpAddress: 'test.rooms' }, 'invalid', 'InvalidStaticIlpAddress'],
    [{ http: { outgoing: { authToken: 'x', endpoint: 'ftp://bank.example' } } }, 'invalid', 'InvalidHTTPEndpoint'],
    [{ http: { outgoing: { authToken: '', endpoint: 'https://bank.example' } } }, 'invalid', 'InvalidAuthToken'],
    [{ assetId: NOBODY }, 'not-found', 'UnknownAsset'],
    [{ assetId: 'no id' }, 'not-found', 'UnknownAsset'],
    [{ routes: ['nowhere'] }, 'invalid', 'InvalidRoute'],
    [{ initialLiquidity: -1n }, 'invalid', 'InvalidInitialLiquidity'],
    [{ initialLiquidity: 2n ** 63n }, 'invalid', 'InvalidInitialLiquidity'],
  ])('are refused: %o', async (over, kind, reason) => {
    const before = await database.query('select count(*) from peers')
    await expect(create(over)).rejects.toMatchObject({ kind, reason })
    expect(await database.query('select count(*) from peers')).toEqual(before)
  })

  it.each([NOBODY, 'no id', ''])('that do not exist are not found: %j', async (id) => {
    await expect(rooms.peers.get(OPERATOR, id)).rejects.toMatchObject({ kind: 'not-found', reason: 'UnknownPeer' })
  })

  it('keep the asset from being deleted until they are', async () => {
    const asset = await rooms.assets.create({ tenantId: OPERATOR, code: 'USED', scale: 0 })
    const { id } = await create({ assetId: asset.id })
    await expect(rooms.assets.delete(OPERATOR, asset.id)).rejects.toMatchObject({ reason: 'CannotDeleteInUseAsset' })
    await rooms.peers.delete(OPERATOR, id)
    await expect(rooms.assets.delete(OPERATOR, asset.id)).resolves.toMatchObject({ id: asset.id })
  })

  it('are not made in an asset whose deletion is under way', async () => {
    const asset = await rooms.assets.create({ tenantId: OPERATOR, code: 'GOING', scale: 0 })
    const deletion = secondProcess.dataSource.createQueryRunner()
    await deletion.startTransaction()
    await deletion.query('select 1 from assets where id = $1 for update', [asset.id])
    await deletion.query('update assets set deleted_at = now() where id = $1', [asset.id])
    const making = create({ assetId: asset.id })
    const refused = expect(making).rejects.toMatchObject({ kind: 'not-found', reason: 'UnknownAsset' })
    await waitFor('the new peer to wait for the deletion', () => isWaitingForLock())
    await deletion.commitTransaction()
    await deletion.release()
    await refused
  })

  it('in the making keep their asset from being deleted', async () => {
    const asset = await rooms.assets.create({ tenantId: OPERATOR, code: 'STAYING', scale: 0 })
    const values = new PeerRows(rooms.assets, DB_ENCRYPTION_SECRET).ofNew(
      newPeer({ assetId: asset.id }),
      NOBODY,
      OPERATOR,
    )
    const deletion = await rooms.dataSource.transaction(async (db) => {
      await rooms.assets.hold(db, OPERATOR, asset.id)
      const deleting = secondProcess.assets.delete(OPERATOR, asset.id)
      const refused = expect(deleting).rejects.toMatchObject({ reason: 'CannotDeleteInUseAsset' })
      await waitFor('the deletion to wait for the new peer', () => isWaitingForLock())
      await db.insert('peers', values)
      return { refused }
    })
    await deletion.refused
  })
})

async function isWaitingForLock(): Promise<boolean> {
  const sql = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
  return (await database.query(sql)).length > 0
}

describe('changing a peer', () => {
  it('leaves alone what is not given, and takes away what is null', async () => {
    const peer = await create({
      name: 'Bank',
      maxPacketAmount: 7n,
      routes: ['test.x'],
      limits: { packetsPerMinute: 3 },
    })
    const renamed = await rooms.peers.update(OPERATOR, peer.id, { name: 'Bank & Co' })
    expect(renamed).toEqual({ ...peer, name: 'Bank & Co' })
    const bare = { name: null, maxPacketAmount: null, routes: [], limits: { packetsPerMinute: null } }
    expect(await rooms.peers.update(OPERATOR, peer.id, bare)).toMatchObject(bare)
  })

  it('moves its routes', async () => {
    const { id, staticIlpAddress } = await create({ routes: ['test.old'] })
    await rooms.peers.update(OPERATOR, id, { staticIlpAddress: 'test.moved', routes: ['test.new'] })
    const hops = [staticIlpAddress, 'test.old.x', 'test.moved.x', 'test.new.x'].map((to) => hop(rooms, to))
    expect(hops).toEqual([undefined, undefined, id, id])
  })

  it.each([
    [{ staticIlpAddress: '' }, 'InvalidStaticIlpAddress'],
    [{ staticIlpAddress: 'test.rooms' }, 'InvalidStaticIlpAddress'],
    [{ http: { outgoing: { authToken: 'x', endpoint: 'bank' } } }, 'InvalidHTTPEndpoint'],
    [{ routes: ['-'] }, 'InvalidRoute'],
    [{ maxPacketAmount: -1n }, 'InvalidAmount'],
  ])('is refused: %o', async (change, reason) => {
    const peer = await create()
    await expect(rooms.peers.update(OPERATOR, peer.id, change)).rejects.toMatchObject({ kind: 'invalid', reason })
    expect(rooms.peers.find(peer.id)).toEqual(peer)
  })
})

describe('a deleted peer', () => {
  it('has no token and no route anywhere, within a second', timed, async () => {
    const { id, staticIlpAddress } = await create({
      http: {
        outgoing: { authToken: 'x', endpoint: 'https://bank.example' },
        incoming: { authTokens: ['gone-token'] },
      },
    })
    await waitFor('the other process to know it', () => hop(secondProcess, staticIlpAddress) === id)
    await rooms.peers.delete(OPERATOR, id)
    expect([rooms.peers.byToken('gone-token'), hop(rooms, staticIlpAddress), rooms.peers.find(id)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    const forgotten = () => !secondProcess.peers.byToken('gone-token') && !hop(secondProcess, staticIlpAddress)
    await waitFor('the other process to forget it', forgotten, { deadlineMs: 1_000 })
    await expect(rooms.peers.delete(OPERATOR, id)).rejects.toMatchObject({ reason: 'UnknownPeer' })
  })

  it('leaves its address free, and its money to be withdrawn', async () => {
    const { id, staticIlpAddress } = await create({ initialLiquidity: 50n })
    await rooms.peers.delete(OPERATOR, id)
    const successor = await create({ staticIlpAddress })
    expect(successor.id).not.toBe(id)
    const deposit = { tenantId: OPERATOR, peerId: id, id: randomUUID(), amount: 1n }
    await expect(rooms.peers.depositLiquidity(deposit)).rejects.toMatchObject({ reason: 'UnknownPeer' })
    await rooms.peers.withdrawLiquidity({ ...deposit, amount: 50n, timeoutSeconds: 0n })
    expect(await rooms.peers.liquidity(id)).toBe(0n)
  })
})

describe('a peer made in another process', () => {
  it('is found by id at once, by token and route within a second', timed, async () => {
    const peer = await create({
      http: { outgoing: { authToken: 'x', endpoint: 'https://bank.example' }, incoming: { authTokens: ['far-token'] } },
    })
    expect(await secondProcess.peers.get(OPERATOR, peer.id)).toEqual(peer)
    const known = () => secondProcess.peers.byToken('far-token')?.id === peer.id
    await waitFor('the token', known, { deadlineMs: 1_000 })
    expect(hop(secondProcess, peer.staticIlpAddress)).toBe(peer.id)
  })

  it('in an asset made there a moment before is complete', async () => {
    const asset = await rooms.assets.create({ tenantId: OPERATOR, code: 'NEW', scale: 4 })
    const { id } = await create({ assetId: asset.id })
    const seen = await waitFor('the peer', () => secondProcess.peers.find(id))
    expect(seen.asset).toMatchObject({ id: asset.id, code: 'NEW', scale: 4, ledger: asset.ledger })
  })

  it('shows its asset’s thresholds as they are', timed, async () => {
    const { id } = await create()
    const held = await secondProcess.peers.get(OPERATOR, id)
    await rooms.assets.update(OPERATOR, usd.id, { liquidityThreshold: 4_242n, withdrawalThreshold: null })
    await waitFor('the change', () => held.asset.liquidityThreshold === 4_242n, { deadlineMs: 1_000 })
  })
})

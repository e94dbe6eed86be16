import { randomUUID } from 'node:crypto'
import { idFromUuid } from '@kivuko/accounting'
import type { Asset } from '@kivuko/assets'
import { type NewPeer, type Peer, PeerRegistry, PeerRows } from '@kivuko/peering'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FreshDatabase } from '../../harness/postgres.js'
import { waitFor } from '../../harness/wait-for.js'
import {
  DB_ENCRYPTION_SECRET,
  OPERATOR,
  OTHER_TENANT,
  type RoomsProcess,
  startFreshRooms,
  startRooms,
} from './rooms-process.js'

const NOBODY = '99999999-9999-4999-8999-999999999999'

let database: FreshDatabase
let rooms: RoomsProcess
let secondProcess: RoomsProcess
let usd: Asset
let eur: Asset
let foreign: Asset
let made = 0

beforeAll(async () => {
  const started = await startFreshRooms('peering')
  database = started.database
  rooms = started.rooms
  secondProcess = await startRooms(database)
  usd = await rooms.assets.create({ tenantId: OPERATOR, code: 'USD', scale: 2 })
  eur = await rooms.assets.create({ tenantId: OPERATOR, code: 'EUR', scale: 2 })
  foreign = await rooms.assets.create({ tenantId: OTHER_TENANT, code: 'USD', scale: 2 })
})

afterAll(async () => {
  await Promise.all([rooms.close(), secondProcess.close()])
  await database.drop()
})

/** A peer of its own address and token each time. */
function newPeer(over: Partial<NewPeer> = {}): NewPeer {
  made += 1
  const incoming = { authTokens: [`in-${made}`] }
  const outgoing = { authToken: `out-${made}`, endpoint: 'https://bank.example/ilp' }
  return {
    tenantId: OPERATOR,
    assetId: usd.id,
    staticIlpAddress: `test.bank${made}`,
    http: { incoming, outgoing },
    ...over,
  }
}

function create(over: Partial<NewPeer> = {}): Promise<Peer> {
  return rooms.peers.create(newPeer(over))
}

const hop = ({ peers }: RoomsProcess, to: string) => peers.routing.nextHop(OPERATOR, to)?.peerId

describe('peers', () => {
  it('are created with all they were given', async () => {
    const given = newPeer({
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
    [{ id: 'no id' }, 'invalid', 'InvalidId'],
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

  it('and the deletion of their asset never both succeed', async () => {
    for (let round = 0; round < 5; round++) {
      const asset = await rooms.assets.create({ tenantId: OPERATOR, code: `RACE${round}`, scale: 0 })
      const race = [create({ assetId: asset.id }), secondProcess.assets.delete(OPERATOR, asset.id)]
      const answers = await Promise.allSettled(race)
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    }
  })
})

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

describe('tokens of a peer', () => {
  const outgoing = { authToken: 'out', endpoint: 'https://bank.example/ilp' }

  it('all lead to it', async () => {
    const http = { outgoing, incoming: { authTokens: ['first-token', 'second-token'] } }
    const { id } = await create({ http })
    expect(['first-token', 'second-token', 'third-token'].map((token) => rooms.peers.byToken(token)?.id)).toEqual([
      id,
      id,
      undefined,
    ])
  })

  it('are unique over all peers and tenants', async () => {
    const http = { outgoing, incoming: { authTokens: ['taken-token'] } }
    await create({ http })
    const duplicate = { kind: 'duplicate', reason: 'DuplicateIncomingToken' }
    await expect(create({ http })).rejects.toMatchObject(duplicate)
    await expect(create({ http, tenantId: OTHER_TENANT, assetId: foreign.id })).rejects.toMatchObject(duplicate)
    const other = await create()
    await expect(rooms.peers.update(OPERATOR, other.id, { http })).rejects.toMatchObject(duplicate)
    expect(rooms.peers.find(other.id)?.outgoingToken).toBe(other.outgoingToken)
  })

  it('are replaced as a whole, and kept when none are given', async () => {
    const authTokens = ['old-token', 'kept-token']
    const { id } = await create({ http: { outgoing, incoming: { authTokens } } })
    await rooms.peers.update(OPERATOR, id, {
      http: { outgoing, incoming: { authTokens: ['kept-token', 'new-token'] } },
    })
    const changed = { ...outgoing, authToken: 'changed-out' }
    const peer = await rooms.peers.update(OPERATOR, id, { http: { outgoing: changed } })
    expect(peer.outgoingToken).toBe('changed-out')
    expect(['old-token', 'kept-token', 'new-token'].map((token) => rooms.peers.byToken(token)?.id)).toEqual([
      undefined,
      id,
      id,
    ])
  })

  it('are refused in every process within a second after they are revoked', async () => {
    const http = { outgoing, incoming: { authTokens: ['revoked-token'] } }
    const { id } = await create({ http })
    await waitFor('the other process to know the token', () => secondProcess.peers.byToken('revoked-token')?.id === id)
    const startedAt = performance.now()
    await rooms.peers.update(OPERATOR, id, { http: { outgoing, incoming: { authTokens: [] } } })
    expect(rooms.peers.byToken('revoked-token')).toBeUndefined()
    const revoked = () => secondProcess.peers.byToken('revoked-token') === undefined
    await waitFor('the other process to refuse it', revoked)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })

  it('are nowhere in the database as they are', async () => {
    const http = { outgoing: { ...outgoing, authToken: 'out-in-clear' }, incoming: { authTokens: ['in-in-clear'] } }
    await create({ http })
    const rows = await database.query('select p::text, t::text from peers p left join peer_incoming_tokens t on true')
    const text = JSON.stringify(rows)
    for (const token of ['out-in-clear', 'in-in-clear']) {
      expect(text).not.toContain(token)
      expect(text).not.toContain(Buffer.from(token).toString('hex'))
    }
  })

  it('cannot be read with another secret: the start says so', async () => {
    await create()
    const process = await startRooms(database)
    try {
      const { dataSource, feed, ledger, assets } = process
      const rows = new PeerRows(assets, Buffer.alloc(32, 9))
      const start = new PeerRegistry(dataSource, feed, ledger, assets, rows).start()
      await expect(start).rejects.toThrow(/outgoing token of peer .* cannot be decrypted; set DB_ENCRYPTION_SECRET/)
    } finally {
      await process.close()
    }
  })
})

describe('liquidity of a peer', () => {
  it('comes in once per id and leaves in two phases', async () => {
    const { id: peerId } = await create()
    const of = { tenantId: OPERATOR, peerId }
    const deposit = { ...of, id: randomUUID(), amount: 500n }
    await rooms.peers.depositLiquidity(deposit)
    await secondProcess.peers.depositLiquidity(deposit)
    const withdrawal = { ...of, id: randomUUID(), amount: 200n, timeoutSeconds: 60n }
    await rooms.peers.withdrawLiquidity(withdrawal)
    expect(await rooms.peers.liquidity(peerId)).toBe(300n)
    await rooms.withdrawals.void(OPERATOR, withdrawal.id)
    expect((await rooms.peers.liquidities([peerId])).get(peerId)).toBe(500n)
    const tooMuch = { ...of, id: randomUUID(), amount: 501n, timeoutSeconds: 0n }
    await expect(rooms.peers.withdrawLiquidity(tooMuch)).rejects.toMatchObject({ reason: 'InsufficientBalance' })
  })

  it('is there from the start when asked for', async () => {
    const { id } = await create({ initialLiquidity: 1_000n })
    expect(await rooms.peers.liquidity(id)).toBe(1_000n)
    expect(await rooms.peers.liquidity((await create({ initialLiquidity: 0n })).id)).toBe(0n)
  })

  it('is there once, although the process ended before it was deposited, and all others start at once', async () => {
    const { id } = await create()
    await database.query('update peers set pending_deposit = 77 where id = $1', [id])
    const restarted = await Promise.all([startRooms(database), startRooms(database), startRooms(database)])
    await Promise.all(restarted.map((process) => process.close()))
    expect(await rooms.peers.liquidity(id)).toBe(77n)
    expect(await database.query('select pending_deposit from peers where id = $1', [id])).toEqual([
      { pending_deposit: null },
    ])
  })
})

describe('a deleted peer', () => {
  it('has no token and no route anywhere, within a second', async () => {
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
  it('is found by id at once, by token and route within a second', async () => {
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

  it('shows its asset’s thresholds as they are', async () => {
    const { id } = await create()
    const held = await secondProcess.peers.get(OPERATOR, id)
    await rooms.assets.update(OPERATOR, usd.id, { liquidityThreshold: 4_242n, withdrawalThreshold: null })
    await waitFor('the change', () => held.asset.liquidityThreshold === 4_242n, { deadlineMs: 1_000 })
  })
})

describe('a peer whose process ended between its row and its ledger account', () => {
  async function halfCreated(): Promise<string> {
    const id = randomUUID()
    const values = new PeerRows(rooms.assets, DB_ENCRYPTION_SECRET).ofNew(newPeer(), id, OPERATOR)
    await rooms.dataSource.manager.insert('peers', values)
    return id
  }

  it('gets it when it is read', async () => {
    const id = await halfCreated()
    await rooms.peers.get(OPERATOR, id)
    expect((await rooms.ledger.balances([idFromUuid(id)])).size).toBe(1)
  })

  it('gets it at the next start', async () => {
    const id = await halfCreated()
    await (await startRooms(database)).close()
    expect((await rooms.ledger.balances([idFromUuid(id)])).size).toBe(1)
  })
})

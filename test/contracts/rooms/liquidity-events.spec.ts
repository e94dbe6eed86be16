import { randomUUID } from 'node:crypto'
import { idFromUuid, paymentLegs } from '@kivuko/accounting'
import type { Asset } from '@kivuko/assets'
import type { Peer } from '@kivuko/peering'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FreshDatabase } from '../../harness/postgres.js'
import { newPeer } from './peer-builder.js'
import { OPERATOR, OTHER_TENANT, type RoomsProcess, startFreshRooms, startRooms } from './rooms-process.js'

let database: FreshDatabase
let rooms: RoomsProcess
let secondProcess: RoomsProcess
let usd: Asset
let sink: Peer

beforeAll(async () => {
  const started = await startFreshRooms('liquidity-events')
  database = started.database
  rooms = started.rooms
  secondProcess = await startRooms(database)
  usd = await rooms.assets.create({ tenantId: OPERATOR, code: 'USD', scale: 2 })
  sink = await rooms.peers.create(newPeer({ assetId: usd.id }))
})

afterAll(async () => {
  await Promise.all([rooms.close(), secondProcess.close()])
  await database.drop()
})

/** What was told about an asset or a peer, oldest first. */
function told(resource: string): Promise<Record<string, unknown>[]> {
  return database.query('select type, data from webhook_events where resource_key = $1 order by sequence', [resource])
}

async function typesTold(resource: string): Promise<string[]> {
  return (await told(resource)).map(({ type }) => String(type).replace(/^.*_/, ''))
}

async function sweepEverywhere(): Promise<void> {
  await Promise.all([rooms.liquidityWatch.sweep(), secondProcess.liquidityWatch.sweep(), rooms.liquidityWatch.sweep()])
}

function watchedPeer(initialLiquidity: bigint, liquidityThreshold: bigint): Promise<Peer> {
  return rooms.peers.create(newPeer({ assetId: usd.id, initialLiquidity, liquidityThreshold }))
}

function deposit({ id: peerId }: Peer, amount: bigint): Promise<void> {
  return rooms.peers.depositLiquidity({ tenantId: OPERATOR, peerId, id: randomUUID(), amount })
}

/** One unit out of the peer's account, as a packet of one that it sends. */
async function packetOfOne({ id }: Peer): Promise<void> {
  const legs = paymentLegs({
    id: idFromUuid(randomUUID()),
    source: { accountId: idFromUuid(id), asset: usd },
    destination: { accountId: idFromUuid(sink.id), asset: usd },
    sourceAmount: 1n,
    destinationAmount: 1n,
  })
  expect(await rooms.ledger.transfer(legs)).toMatchObject({ kind: 'accepted' })
}

describe('a peer that runs low', () => {
  it('is told about once, in the words of the reference, however many packets and processes see it', async () => {
    const peer = await watchedPeer(2_000n, 1_500n)
    await sweepEverywhere()
    expect(await told(peer.id)).toEqual([])
    for (let hundred = 0; hundred < 10; hundred++) {
      await Promise.all(Array.from({ length: 100 }, () => packetOfOne(peer)))
      await sweepEverywhere()
    }
    const [event, ...more] = await told(peer.id)
    expect(more).toEqual([])
    expect(event).toEqual({
      type: 'peer.liquidity_low',
      data: {
        id: peer.id,
        asset: { id: usd.id, code: 'USD', scale: 2 },
        liquidityThreshold: '1500',
        balance: '1500',
      },
    })
  })

  it('is told about again after it has recovered, which is told too', async () => {
    const peer = await watchedPeer(3n, 1n)
    for (let packets = 0; packets < 3; packets++) await packetOfOne(peer)
    await sweepEverywhere()
    await deposit(peer, 1n)
    await sweepEverywhere()
    // At the threshold it is still low.
    expect(await typesTold(peer.id)).toEqual(['low'])
    await deposit(peer, 1n)
    await sweepEverywhere()
    expect(await typesTold(peer.id)).toEqual(['low', 'high'])
    await packetOfOne(peer)
    await sweepEverywhere()
    expect(await typesTold(peer.id)).toEqual(['low', 'high', 'low'])
  })

  it('is not told about again by a process that starts later', async () => {
    const peer = await watchedPeer(1n, 1n)
    await sweepEverywhere()
    const restarted = await startRooms(database)
    await restarted.liquidityWatch.sweep()
    await restarted.close()
    expect(await typesTold(peer.id)).toEqual(['low'])
  })

  it('is told about anew when its threshold was taken away and set again, and not while it has none', async () => {
    const peer = await watchedPeer(1n, 1n)
    await sweepEverywhere()
    await rooms.peers.update(OPERATOR, peer.id, { liquidityThreshold: null })
    await rooms.liquidityWatch.sweep()
    expect(await typesTold(peer.id)).toEqual(['low'])
    await rooms.peers.update(OPERATOR, peer.id, { liquidityThreshold: 1n })
    await rooms.liquidityWatch.sweep()
    expect(await typesTold(peer.id)).toEqual(['low', 'low'])
  })

  it('is forgotten when it is deleted', async () => {
    const peer = await watchedPeer(1n, 1n)
    await sweepEverywhere()
    await rooms.peers.delete(OPERATOR, peer.id)
    await rooms.liquidityWatch.sweep()
    expect(await database.query('select * from liquidity_lows where account_id = $1', [peer.id])).toEqual([])
    expect(await typesTold(peer.id)).toEqual(['low'])
  })
})

describe('an asset that runs low', () => {
  it('is told about once, to its own tenant, and told when it is back', async () => {
    const asset = await rooms.assets.create({
      ...{ tenantId: OTHER_TENANT, code: 'EUR', scale: 4 },
      liquidityThreshold: 100n,
    })
    await rooms.liquidityWatch.sweep()
    await rooms.liquidityWatch.sweep()
    const deposited = { tenantId: OTHER_TENANT, assetId: asset.id, id: randomUUID(), amount: 101n }
    await rooms.assets.depositLiquidity(deposited)
    await rooms.liquidityWatch.sweep()
    const data = { id: asset.id, asset: { id: asset.id, code: 'EUR', scale: 4 }, liquidityThreshold: '100' }
    expect(await told(asset.id)).toEqual([
      { type: 'asset.liquidity_low', data: { ...data, balance: '0' } },
      { type: 'asset.liquidity_high', data: { ...data, balance: '101' } },
    ])
    const seen = await rooms.webhooks.list(OTHER_TENANT, { types: ['asset.liquidity_low'] })
    expect(seen.rows.map(({ resourceKey }) => resourceKey)).toEqual([asset.id])
  })
})

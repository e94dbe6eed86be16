import { randomUUID } from 'node:crypto'
import { idFromUuid } from '@kivuko/accounting'
import { type NewPeer, type Peer, PeerRows } from '@kivuko/peering'
import { afterAll, describe, expect, it } from 'vitest'
import { openDesk } from './desk.js'
import { newPeer } from './peer-builder.js'
import { DB_ENCRYPTION_SECRET, OPERATOR, startRooms } from './rooms-process.js'

const desk = await openDesk('liquidity')
const { database, rooms, secondProcess, usd } = desk
afterAll(() => desk.close())

function create(over: Partial<NewPeer> = {}): Promise<Peer> {
  return rooms.peers.create(newPeer({ assetId: usd.id, ...over }))
}

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
    const again = secondProcess.peers.withdrawLiquidity(withdrawal)
    await expect(again).rejects.toMatchObject({ kind: 'conflict', reason: 'AlreadyVoided' })
    expect(await rooms.peers.liquidity(peerId)).toBe(500n)
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

describe('a peer whose process ended between its row and its ledger account', () => {
  async function halfCreated(): Promise<string> {
    const id = randomUUID()
    const values = new PeerRows(rooms.assets, DB_ENCRYPTION_SECRET).ofNew(newPeer({ assetId: usd.id }), id, OPERATOR)
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

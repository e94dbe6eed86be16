import { randomUUID } from 'node:crypto'
import { AccountCode, assetAccounts, idFromUuid, paymentLegs, timeOrderedId } from '@kivuko/accounting'
import { type BalanceLimits, type NewPeer, type Peer, PeerRows } from '@kivuko/peering'
import { afterAll, describe, expect, it } from 'vitest'
import { waitFor } from '../../harness/wait-for.js'
import { openDesk } from './desk.js'
import { newPeer } from './peer-builder.js'
import { DB_ENCRYPTION_SECRET, OPERATOR, startRooms } from './rooms-process.js'

const desk = await openDesk('balance')
const { database, rooms, secondProcess, usd } = desk
afterAll(() => desk.close())

function create(over: Partial<NewPeer> = {}): Promise<Peer> {
  return rooms.peers.create(newPeer({ assetId: usd.id, ...over }))
}

const change = (id: string, balanceLimits: Partial<BalanceLimits>) =>
  rooms.peers.update(OPERATOR, id, { balanceLimits })

async function balanceOf(id: string) {
  const balance = (await rooms.ledger.balances([idFromUuid(id)])).get(idFromUuid(id))
  if (balance === undefined) throw new Error(`peer ${id} has no account`)
  return balance
}

/** Moves money as a packet does. */
function pay(from: Peer, to: Peer, amount: bigint) {
  const side = ({ id, asset }: Peer) => ({ accountId: idFromUuid(id), asset })
  const sides = { source: side(from), destination: side(to), sourceAmount: amount, destinationAmount: amount }
  return rooms.ledger.transfer(paymentLegs({ id: timeOrderedId(Date.parse('2026-01-01')), ...sides }))
}

const refused = (refusal: string) => ({ kind: 'refused', refusal })
const outside = { kind: 'conflict', reason: 'BalanceOutsideLimits' }

describe("a peer's balance", () => {
  it('may fall below zero by its credit line, and is shown without it', async () => {
    const [debtor, other] = [await create({ balanceLimits: { creditLine: 50n } }), await create()]
    expect(debtor.balanceLimits).toEqual({ creditLine: 50n, minimum: null, maximum: null })
    expect(await rooms.peers.liquidity(debtor.id)).toBe(0n)
    expect(await pay(debtor, other, 51n)).toMatchObject(refused('insufficient-funds'))
    expect(await pay(debtor, other, 50n)).toMatchObject({ kind: 'accepted' })
    expect(await rooms.peers.liquidity(debtor.id)).toBe(-50n)
  })

  it('stays at or above its minimum', async () => {
    const [peer, other] = [await create({ initialLiquidity: 100n, balanceLimits: { minimum: 40n } }), await create()]
    expect(await pay(peer, other, 61n)).toMatchObject(refused('insufficient-funds'))
    expect(await pay(peer, other, 60n)).toMatchObject({ kind: 'accepted' })
    expect(await rooms.peers.liquidity(peer.id)).toBe(40n)
  })

  it('stays at or below its maximum, also by a deposit', async () => {
    const [peer, other] = [await create({ balanceLimits: { maximum: 30n } }), await create({ initialLiquidity: 99n })]
    expect(await pay(other, peer, 31n)).toMatchObject(refused('insufficient-room'))
    expect(await pay(other, peer, 30n)).toMatchObject({ kind: 'accepted' })
    const deposit = { tenantId: OPERATOR, peerId: peer.id, id: randomUUID(), amount: 1n }
    await expect(rooms.peers.depositLiquidity(deposit)).rejects.toMatchObject({ reason: 'InsufficientDebitBalance' })
  })
})

describe('the limits of a balance', () => {
  it('are changed, one by one, and taken away', async () => {
    const [peer, other] = [await create(), await create({ initialLiquidity: 100n })]
    await change(peer.id, { creditLine: 20n, maximum: 10n })
    expect(await pay(other, peer, 11n)).toMatchObject(refused('insufficient-room'))
    const raised = await change(peer.id, { maximum: 11n })
    expect(raised.balanceLimits).toEqual({ creditLine: 20n, minimum: null, maximum: 11n })
    expect(await pay(other, peer, 11n)).toMatchObject({ kind: 'accepted' })
    expect(await pay(peer, other, 31n)).toMatchObject({ kind: 'accepted' })
    expect(await rooms.peers.liquidity(peer.id)).toBe(-20n)
    await pay(other, peer, 25n)
    await change(peer.id, { minimum: 5n })
    expect(await pay(peer, other, 1n)).toMatchObject(refused('insufficient-funds'))
    const freed = await change(peer.id, { minimum: null, maximum: null })
    expect(freed.balanceLimits).toBeUndefined()
    expect(await balanceOf(peer.id)).toMatchObject({ creditLine: 0n })
    expect((await balanceOf(peer.id)).maximum).toBeUndefined()
    expect(await pay(other, peer, 50n)).toMatchObject({ kind: 'accepted' })
  })

  it('are refused when the balance is beyond them, with what to do, and nothing is changed', async () => {
    const [peer, other] = [await create({ balanceLimits: { creditLine: 50n } }), await create()]
    await pay(peer, other, 30n)
    await expect(change(peer.id, { creditLine: 29n })).rejects.toMatchObject({
      ...outside,
      message: 'The balance is -30 and would have to stay above -29; deposit 1 more first',
    })
    await expect(change(peer.id, { creditLine: null })).rejects.toMatchObject(outside)
    await expect(change(peer.id, { minimum: 1n })).rejects.toMatchObject(outside)
    await expect(change(other.id, { maximum: 29n })).rejects.toMatchObject({
      ...outside,
      message: 'The balance is 30, above the maximum 29; withdraw 1 first',
    })
    expect(rooms.peers.find(peer.id)?.balanceLimits).toMatchObject({ creditLine: 50n })
    expect(await balanceOf(peer.id)).toMatchObject({ creditLine: 50n })
    expect((await change(peer.id, { creditLine: 30n })).balanceLimits).toMatchObject({ creditLine: 30n })
  })

  it.each([
    [{ balanceLimits: { minimum: 6n }, initialLiquidity: 5n }, 'conflict', 'BalanceOutsideLimits'],
    [{ balanceLimits: { maximum: 4n }, initialLiquidity: 5n }, 'conflict', 'BalanceOutsideLimits'],
    [{ balanceLimits: { creditLine: 1n, minimum: 1n } }, 'invalid', 'InvalidBalanceLimits'],
    [{ balanceLimits: { maximum: -1n } }, 'invalid', 'InvalidBalanceLimits'],
  ])('are refused at creation: %o', async (over, kind, reason) => {
    await expect(create(over)).rejects.toMatchObject({ kind, reason })
  })

  it('reach a minimum above a maximum set before in vain', async () => {
    const { id } = await create({ initialLiquidity: 5n, balanceLimits: { maximum: 9n } })
    await expect(change(id, { minimum: 10n })).rejects.toMatchObject({ reason: 'InvalidBalanceLimits' })
  })

  it('are in the ledger once, although every process sets them', async () => {
    const peer = await create({ balanceLimits: { creditLine: 7n } })
    const processes = [rooms, secondProcess]
    await Promise.all(
      processes.map(({ peers }, n) =>
        peers.update(OPERATOR, peer.id, { balanceLimits: { creditLine: 10n + BigInt(n) } }),
      ),
    )
    const line = async () => rooms.peers.find(peer.id)?.balanceLimits?.creditLine
    await waitFor('row and ledger to agree', async () => (await balanceOf(peer.id)).creditLine === (await line()))
  })

  it('reach the ledger at the next start when the process ended between row and ledger', async () => {
    const values = new PeerRows(rooms.assets, DB_ENCRYPTION_SECRET).ofNew(
      newPeer({ assetId: usd.id, initialLiquidity: 3n, balanceLimits: { creditLine: 8n, maximum: 9n } }),
      randomUUID(),
      OPERATOR,
    )
    await rooms.dataSource.manager.insert('peers', values)
    await Promise.all(
      (await Promise.all([startRooms(database), startRooms(database)])).map((process) => process.close()),
    )
    expect(await balanceOf(values.id)).toMatchObject({ creditLine: 8n, maximum: 9n, creditsPosted: 11n })
  })
})

describe('a peer whose account was opened without room for a maximum', () => {
  async function opened(): Promise<Peer> {
    const id = randomUUID()
    await rooms.ledger.openAccounts(assetAccounts(usd))
    await rooms.ledger.openAccounts([
      { id: idFromUuid(id), ledger: usd.ledger, code: AccountCode.peer, limit: 'debits' },
    ])
    const values = new PeerRows(rooms.assets, DB_ENCRYPTION_SECRET).ofNew(newPeer({ assetId: usd.id }), id, OPERATOR)
    await rooms.dataSource.manager.insert('peers', values)
    return rooms.peers.get(OPERATOR, id)
  }

  it('is told so, keeps what it had, and may still have a credit line', async () => {
    const { id } = await opened()
    await expect(change(id, { maximum: 10n, creditLine: 5n })).rejects.toMatchObject({
      kind: 'conflict',
      reason: 'MaximumNotPossible',
      message: expect.stringContaining('create it anew'),
    })
    expect(rooms.peers.find(id)?.balanceLimits).toBeUndefined()
    expect(await balanceOf(id)).toMatchObject({ creditLine: 0n })
    expect((await change(id, { creditLine: 5n })).balanceLimits).toMatchObject({ creditLine: 5n })
    expect(await balanceOf(id)).toMatchObject({ creditLine: 5n })
  })
})

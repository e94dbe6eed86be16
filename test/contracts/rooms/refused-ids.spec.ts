import { derivedId, idFromUuid, type LedgerId, TransferCode } from '@kivuko/accounting'
import type { Asset } from '@kivuko/assets'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FreshDatabase } from '../../harness/postgres.js'
import { describeOnEachLedger, type LedgerChoice } from '../ledger/each-ledger.js'
import { newPeer } from './peer-builder.js'
import { OPERATOR, type RoomsProcess, startFreshRooms, startRooms } from './rooms-process.js'

// Some ledgers remember ids that they have refused, and refuse them for ever.
describeOnEachLedger('peers whose transfers the ledger has refused before', (openLedger) => {
  let ledger: LedgerChoice
  let database: FreshDatabase
  let rooms: RoomsProcess
  let usd: Asset

  beforeAll(async () => {
    ledger = await openLedger()
    ;({ database, rooms } = await startFreshRooms('refused-ids', ledger.env))
    usd = await rooms.assets.create({ tenantId: OPERATOR, code: 'USD', scale: 2 })
    await rooms.assets.depositLiquidity({ tenantId: OPERATOR, assetId: usd.id, id: idOf(0x10), amount: 1_000n })
  })
  afterAll(async () => {
    await rooms?.close()
    await database?.drop()
    await ledger?.close()
  })

  async function refuse(id: LedgerId, peerId: string): Promise<void> {
    const accounts = { debitAccountId: 4_711n, creditAccountId: idFromUuid(peerId) }
    const leg = { id, ledger: usd.ledger, amount: 1n, code: TransferCode.transfer, ...accounts }
    expect(await rooms.ledger.transfer([leg])).toMatchObject({ kind: 'refused', refusal: 'unknown-debit-account' })
  }

  const creditLineOf = async (id: string) =>
    (await rooms.ledger.balances([idFromUuid(id)])).get(idFromUuid(id))?.creditLine

  it('get the credit line that their row says', async () => {
    const { id } = await rooms.peers.create(newPeer({ assetId: usd.id }))
    await refuse(derivedId('credit-line', idFromUuid(id), 1n, 0n), id)
    await rooms.peers.update(OPERATOR, id, { balanceLimits: { creditLine: 50n } })
    expect(await creditLineOf(id)).toBe(50n)
  })

  it('get their credit line lowered once what they used of it is back, by whichever process looks next', async () => {
    const limits = { creditLine: 50n }
    const { id } = await rooms.peers.create(newPeer({ assetId: usd.id, balanceLimits: limits }))
    const out = { tenantId: OPERATOR, peerId: id, id: idOf(1), amount: 30n, timeoutSeconds: 0n }
    await rooms.peers.withdrawLiquidity(out)
    // As a process leaves it that ended between its row and its ledger.
    const lowered =
      'update peers set credit_line = 10, balance_limits_revision = balance_limits_revision + 1 where id = $1'
    await database.query(lowered, [id])
    await (await startRooms(database, ledger.env)).close()
    expect(await creditLineOf(id)).toBe(50n)
    await rooms.peers.depositLiquidity({ tenantId: OPERATOR, peerId: id, id: idOf(2), amount: 30n })
    await (await startRooms(database, ledger.env)).close()
    expect(await creditLineOf(id)).toBe(10n)
  })

  it('get the liquidity that they were made with, once', async () => {
    const { id } = await rooms.peers.create(newPeer({ assetId: usd.id }))
    await refuse(derivedId('initial-liquidity', id), id)
    await database.query('update peers set pending_deposit = 500 where id = $1', [id])
    const starts = await Promise.all([startRooms(database, ledger.env), startRooms(database, ledger.env)])
    await Promise.all(starts.map((started) => started.close()))
    expect(await rooms.peers.liquidity(id)).toBe(500n)
  })
})

const idOf = (n: number) => `00000000-0000-4000-8000-${n.toString().padStart(12, '0')}`

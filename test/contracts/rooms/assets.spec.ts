import { randomUUID } from 'node:crypto'
import { assetAccounts, idFromUuid, settlementAccountId } from '@kivuko/accounting'
import type { Asset } from '@kivuko/assets'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FreshDatabase } from '../../harness/postgres.js'
import { timed } from '../../harness/tries.js'
import { waitFor } from '../../harness/wait-for.js'
import { OPERATOR, OTHER_TENANT, type RoomsProcess, startFreshRooms, startRooms } from './rooms-process.js'

const NOBODY = '99999999-9999-4999-8999-999999999999'

let database: FreshDatabase
let rooms: RoomsProcess
let secondProcess: RoomsProcess
let codes = 0

beforeAll(async () => {
  const started = await startFreshRooms('assets')
  database = started.database
  rooms = started.rooms
  secondProcess = await startRooms(database)
})

afterAll(async () => {
  await Promise.all([rooms.close(), secondProcess.close()])
  await database.drop()
})

function newCode(): string {
  return `T${(codes++).toString().padStart(3, '0')}`
}

function create(tenantId = OPERATOR): Promise<Asset> {
  return rooms.assets.create({ tenantId, code: newCode(), scale: 2 })
}

describe('assets', () => {
  it('are created with a ledger number of their own and open accounts', async () => {
    const asset = await rooms.assets.create({ tenantId: OPERATOR, code: 'USD', scale: 2, liquidityThreshold: 5n })
    const other = await rooms.assets.create({ tenantId: OPERATOR, code: 'USD', scale: 9 })
    expect(asset).toMatchObject({ code: 'USD', scale: 2, liquidityThreshold: 5n, withdrawalThreshold: null })
    expect(other.ledger).not.toBe(asset.ledger)
    expect(await rooms.assets.get(OPERATOR, asset.id)).toEqual(asset)
    expect(await rooms.assets.byCodeAndScale(OPERATOR, 'USD', 2)).toEqual(asset)
    const ids = assetAccounts(asset).map(({ id }) => id)
    expect((await rooms.ledger.balances(ids)).size).toBe(3)
  })

  it('are unique by code and scale within a tenant', async () => {
    const code = newCode()
    await rooms.assets.create({ tenantId: OPERATOR, code, scale: 2 })
    const again = rooms.assets.create({ tenantId: OPERATOR, code, scale: 2 })
    await expect(again).rejects.toMatchObject({ kind: 'duplicate', reason: 'DuplicateAsset' })
    await expect(rooms.assets.create({ tenantId: OTHER_TENANT, code, scale: 2 })).resolves.toBeDefined()
  })

  it('of one code asked for twice at once are one asset', async () => {
    const code = newCode()
    const asked = Array.from({ length: 8 }, () => rooms.assets.create({ tenantId: OPERATOR, code, scale: 2 }))
    const answers = await Promise.allSettled(asked)
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('need a tenant that exists', async () => {
    const homeless = rooms.assets.create({ tenantId: NOBODY, code: newCode(), scale: 2 })
    await expect(homeless).rejects.toMatchObject({ kind: 'not-found', reason: 'UnknownTenant' })
  })

  it('are seen by their own tenant and the operator only', async () => {
    const { id } = await create(OTHER_TENANT)
    const unknown = { kind: 'not-found', reason: 'UnknownAsset' }
    await expect(rooms.assets.get(OPERATOR, id)).rejects.toMatchObject(unknown)
    await expect(
      rooms.assets.update(OPERATOR, id, { withdrawalThreshold: 1n, liquidityThreshold: 1n }),
    ).rejects.toThrow()
    await expect(rooms.assets.delete(OPERATOR, id)).rejects.toMatchObject(unknown)
    const fee = { tenantId: OPERATOR, assetId: id, type: 'SENDING', fixed: 1n, basisPoints: 0 } as const
    await expect(rooms.assets.setFee(fee)).rejects.toMatchObject(unknown)
    const deposit = { tenantId: OPERATOR, assetId: id, id: randomUUID(), amount: 1n }
    await expect(rooms.assets.depositLiquidity(deposit)).rejects.toMatchObject(unknown)
    expect((await rooms.assets.get(undefined, id)).id).toBe(id)
    expect((await rooms.assets.list(OPERATOR)).rows.map((asset) => asset.id)).not.toContain(id)
    expect((await rooms.assets.list(undefined)).rows.map((asset) => asset.id)).toContain(id)
  })

  it.each([NOBODY, 'not-an-id', ''])('that do not exist are not found: %j', async (id) => {
    await expect(rooms.assets.get(OPERATOR, id)).rejects.toMatchObject({ kind: 'not-found', reason: 'UnknownAsset' })
  })

  it('change their thresholds, in every process within a second', timed, async () => {
    const { id } = await create()
    await secondProcess.assets.get(OPERATOR, id)
    const startedAt = performance.now()
    await rooms.assets.update(OPERATOR, id, { withdrawalThreshold: 10n, liquidityThreshold: 2n ** 64n - 1n })
    expect(rooms.assets.find(id)?.withdrawalThreshold).toBe(10n)
    await waitFor('the other process to hear of it', () => secondProcess.assets.find(id)?.withdrawalThreshold === 10n)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    await rooms.assets.update(OPERATOR, id, { withdrawalThreshold: null, liquidityThreshold: null })
    expect(rooms.assets.find(id)).toMatchObject({ withdrawalThreshold: null, liquidityThreshold: null })
  })

  it('made in one process are found in another at once', async () => {
    const { id } = await create()
    expect((await secondProcess.assets.get(OPERATOR, id)).id).toBe(id)
  })
})

describe('fees', () => {
  it('are history, of which the last of each type is in force', async () => {
    const { id: assetId } = await create()
    expect(rooms.assets.sendingFee(assetId)).toBeUndefined()
    const base = { tenantId: OPERATOR, assetId }
    await rooms.assets.setFee({ ...base, type: 'SENDING', fixed: 1n, basisPoints: 0 })
    await rooms.assets.setFee({ ...base, type: 'RECEIVING', fixed: 7n, basisPoints: 7 })
    const last = await rooms.assets.setFee({ ...base, type: 'SENDING', fixed: 2n, basisPoints: 100 })
    expect(rooms.assets.sendingFee(assetId)).toEqual(last)
    expect(rooms.assets.receivingFee(assetId)).toMatchObject({ fixed: 7n, basisPoints: 7 })
    const all = await rooms.assets.fees(OPERATOR, assetId)
    expect(all.rows.map(({ fixed }) => fixed)).toEqual([2n, 7n, 1n])
  })

  it('set many times at once end with the one that was written last', async () => {
    const { id: assetId } = await create()
    const amounts = Array.from({ length: 10 }, (_, n) => BigInt(n))
    const base = { tenantId: OPERATOR, assetId, type: 'SENDING', basisPoints: 0 } as const
    await Promise.all(amounts.map((fixed) => rooms.assets.setFee({ ...base, fixed })))
    const [last] = await database.query('select fixed_fee from fees where asset_id = $1 order by sequence desc', [
      assetId,
    ])
    expect(rooms.assets.sendingFee(assetId)?.fixed).toBe(BigInt(`${last?.fixed_fee}`))
  })

  it('reach other processes', timed, async () => {
    const { id: assetId } = await create()
    await rooms.assets.setFee({ tenantId: OPERATOR, assetId, type: 'SENDING', fixed: 3n, basisPoints: 5 })
    await waitFor(
      'the other process to hear of the fee',
      () => secondProcess.assets.sendingFee(assetId)?.fixed === 3n,
      {
        deadlineMs: 1_000,
      },
    )
  })
})

describe('liquidity of an asset', () => {
  it('comes in by deposits and leaves by withdrawals, against the settlement account', async () => {
    const asset = await create()
    const of = { tenantId: OPERATOR, assetId: asset.id }
    await rooms.assets.depositLiquidity({ ...of, id: randomUUID(), amount: 1_000n })
    await rooms.assets.withdrawLiquidity({ ...of, id: randomUUID(), amount: 300n, timeoutSeconds: 0n })
    expect(await rooms.assets.liquidity(asset.id)).toBe(700n)
    const settlement = (await rooms.ledger.balances([settlementAccountId(asset)])).get(settlementAccountId(asset))
    expect(settlement).toMatchObject({ debitsPosted: 1_000n, creditsPosted: 300n })
  })

  it('is deposited once per id, from whichever process', async () => {
    const asset = await create()
    const deposit = { tenantId: OPERATOR, assetId: asset.id, id: randomUUID(), amount: 10n }
    const everywhere = [rooms, secondProcess, rooms, secondProcess].map(({ assets }) =>
      assets.depositLiquidity(deposit),
    )
    await Promise.all(everywhere)
    expect(await rooms.assets.liquidity(asset.id)).toBe(10n)
  })

  it('cannot be withdrawn twice by two at once', async () => {
    const asset = await create()
    const of = { tenantId: OPERATOR, assetId: asset.id }
    await rooms.assets.depositLiquidity({ ...of, id: randomUUID(), amount: 100n })
    const withdrawals = Array.from({ length: 10 }, (_, n) => {
      const { assets } = n % 2 === 0 ? rooms : secondProcess
      return assets.withdrawLiquidity({ ...of, id: randomUUID(), amount: 30n, timeoutSeconds: BigInt(n % 3) * 60n })
    })
    const answers = await Promise.allSettled(withdrawals)
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    expect(await rooms.assets.liquidity(asset.id)).toBe(10n)
  })

  it('is read for many assets at once', async () => {
    const [one, two] = [await create(), await create()]
    await rooms.assets.depositLiquidity({ tenantId: OPERATOR, assetId: two.id, id: randomUUID(), amount: 4n })
    const held = await rooms.assets.liquidities([one.id, two.id, NOBODY])
    expect([one.id, two.id, NOBODY].map((id) => held.get(id))).toEqual([0n, 4n, undefined])
  })
})

describe('two-phase withdrawals', () => {
  async function withdrawing(): Promise<{ asset: Asset; id: string }> {
    const asset = await create()
    const of = { tenantId: OPERATOR, assetId: asset.id }
    await rooms.assets.depositLiquidity({ ...of, id: randomUUID(), amount: 100n })
    const id = randomUUID()
    await rooms.assets.withdrawLiquidity({ ...of, id, amount: 40n, timeoutSeconds: 60n })
    return { asset, id }
  }

  it('end by a post', async () => {
    const { asset, id } = await withdrawing()
    await rooms.withdrawals.post(OPERATOR, id)
    expect(await rooms.assets.liquidity(asset.id)).toBe(60n)
    await expect(rooms.withdrawals.void(OPERATOR, id)).rejects.toMatchObject({ reason: 'AlreadyPosted' })
  })

  it('end by a void', async () => {
    const { asset, id } = await withdrawing()
    await rooms.withdrawals.void(OPERATOR, id)
    expect(await rooms.assets.liquidity(asset.id)).toBe(100n)
    await expect(rooms.withdrawals.post(OPERATOR, id)).rejects.toMatchObject({ reason: 'AlreadyVoided' })
  })

  it('are their own tenant’s to end', async () => {
    const { id } = await withdrawing()
    const unknown = { kind: 'not-found', reason: 'UnknownTransfer' }
    await expect(rooms.withdrawals.post(OTHER_TENANT, id)).rejects.toMatchObject(unknown)
    await expect(rooms.withdrawals.void(OTHER_TENANT, id)).rejects.toMatchObject(unknown)
    await expect(rooms.withdrawals.void(undefined, id)).resolves.toBeUndefined()
  })

  it('are all that can be ended so: no deposit, no packet’s reservation', async () => {
    const asset = await create()
    const deposit = { tenantId: OPERATOR, assetId: asset.id, id: randomUUID(), amount: 100n }
    await rooms.assets.depositLiquidity(deposit)
    const packet = randomUUID()
    const accounts = { debitAccountId: idFromUuid(asset.id), creditAccountId: settlementAccountId(asset) }
    const leg = { id: idFromUuid(packet), ledger: asset.ledger, ...accounts, amount: 5n, code: 1 }
    expect(await rooms.ledger.reserve([leg], 60)).toMatchObject({ kind: 'accepted' })
    for (const id of [packet, deposit.id, randomUUID()]) {
      await expect(rooms.withdrawals.post(OPERATOR, id)).rejects.toMatchObject({ reason: 'UnknownTransfer' })
    }
    await expect(rooms.withdrawals.post(OPERATOR, 'no-uuid')).rejects.toMatchObject({ reason: 'InvalidId' })
  })
})

describe('deleted assets', () => {
  it('are gone everywhere, and come back with their id and money when created again', async () => {
    const asset = await create()
    await rooms.assets.depositLiquidity({ tenantId: OPERATOR, assetId: asset.id, id: randomUUID(), amount: 9n })
    await secondProcess.assets.get(OPERATOR, asset.id)
    await rooms.assets.delete(OPERATOR, asset.id)
    expect(rooms.assets.find(asset.id)).toBeUndefined()
    await waitFor('the other process to hear of it', () => secondProcess.assets.find(asset.id) === undefined)
    await expect(rooms.assets.delete(OPERATOR, asset.id)).rejects.toMatchObject({ reason: 'UnknownAsset' })
    expect(rooms.assets.findByLedger(asset.ledger)?.id).toBe(asset.id)

    const { code, scale } = asset
    const revived = await rooms.assets.create({ tenantId: OPERATOR, code, scale, liquidityThreshold: 1n })
    expect(revived).toMatchObject({ id: asset.id, ledger: asset.ledger, liquidityThreshold: 1n })
    expect(await rooms.assets.liquidity(asset.id)).toBe(9n)
  })

  it('were not in use', async () => {
    const { id } = await create()
    rooms.assets.refuseDeletionWhile('a test', async (_db, assetId) => assetId === id)
    await expect(rooms.assets.delete(OPERATOR, id)).rejects.toMatchObject({
      kind: 'forbidden',
      reason: 'CannotDeleteInUseAsset',
      message: expect.stringContaining('a test'),
    })
    expect(rooms.assets.find(id)?.id).toBe(id)
  })
})

describe('an asset whose process ended between its row and its ledger accounts', () => {
  async function halfCreated(): Promise<string> {
    const id = randomUUID()
    const row = [id, OPERATOR, newCode(), 2]
    await database.query('insert into assets (id, tenant_id, code, scale) values ($1, $2, $3, $4)', row)
    return id
  }

  it('gets them when it is read', async () => {
    const id = await halfCreated()
    const asset = await rooms.assets.get(OPERATOR, id)
    expect((await rooms.ledger.balances(assetAccounts(asset).map((account) => account.id))).size).toBe(3)
  })

  it('gets them at the next start', async () => {
    const id = await halfCreated()
    const restarted = await startRooms(database)
    try {
      expect((await restarted.ledger.balances([idFromUuid(id)])).size).toBe(1)
    } finally {
      await restarted.close()
    }
  })
})

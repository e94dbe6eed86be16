import { randomUUID } from 'node:crypto'
import { depositLegs, idFromUuid } from '@kivuko/accounting'
import type { NewWalletAddress, WalletAddress } from '@kivuko/wallet-addresses'
import { afterAll, describe, expect, it } from 'vitest'
import { insertTenant } from '../../harness/tenants.js'
import { timed } from '../../harness/tries.js'
import { waitFor } from '../../harness/wait-for.js'
import { openDesk } from './desk.js'
import { OPERATOR, OTHER_TENANT, startRooms, WALLET_BASE } from './rooms-process.js'

const NOBODY = '99999999-9999-4999-8999-999999999999'
const UNKNOWN = { kind: 'not-found', reason: 'UnknownWalletAddress' }

const desk = await openDesk('wallets')
const { database, rooms, secondProcess, usd, foreign } = desk
let made = 0
afterAll(() => desk.close())

/** A wallet address of another name each time. */
function create(over: Partial<NewWalletAddress> = {}): Promise<WalletAddress> {
  made += 1
  return rooms.walletAddresses.create({ tenantId: OPERATOR, address: `user${made}`, assetId: usd.id, ...over })
}

function createForeign(address: string): Promise<WalletAddress> {
  return create({ tenantId: OTHER_TENANT, assetId: foreign.id, address })
}

/** What a payment to the wallet address itself would bring. */
async function paidTo({ id }: WalletAddress, amount: bigint): Promise<void> {
  const legs = depositLegs({ id: idFromUuid(randomUUID()), accountId: idFromUuid(id), asset: usd, amount })
  expect(await rooms.ledger.transfer(legs)).toMatchObject({ kind: 'accepted' })
}

describe('wallet addresses', () => {
  it('are created active, in lower case, with an open account', async () => {
    const alice = await create({ address: 'https://bank.example/Alice', publicName: 'Alice' })
    expect(alice).toMatchObject({
      tenantId: OPERATOR,
      address: 'https://bank.example/alice',
      publicName: 'Alice',
      assetId: usd.id,
      asset: usd,
      deactivatedAt: null,
    })
    expect(await rooms.walletAddresses.get(OPERATOR, alice.id)).toEqual(alice)
    expect((await rooms.ledger.balances([idFromUuid(alice.id)])).size).toBe(1)
    expect(await rooms.walletAddresses.liquidity(alice.id)).toBe(0n)
  })

  it('may be given as a path below the tenant’s URL', async () => {
    expect((await create({ address: '/Bob' })).address).toBe(`${WALLET_BASE}/bob`)
    expect((await createForeign('bob')).address).toBe('https://other.example/bob')
  })

  it('are found by URL, whatever the case, by anyone', async () => {
    const carol = await create({ address: 'carol' })
    for (const url of ['https://bank.example/carol', 'https://BANK.example/Carol/', 'https://bank.example:443/carol']) {
      expect(await rooms.walletAddresses.byUrl(url)).toEqual(carol)
    }
    for (const url of ['https://bank.example/nobody', 'http://bank.example/carol', 'carol', '', 'https://[']) {
      expect(await rooms.walletAddresses.byUrl(url)).toBeUndefined()
    }
  })

  it('are unique over the node', async () => {
    await create({ address: 'dave' })
    const duplicate = { kind: 'duplicate', reason: 'DuplicateWalletAddress' }
    await expect(create({ address: 'DAVE' })).rejects.toMatchObject(duplicate)
    const asked = Array.from({ length: 6 }, () => create({ address: 'racer' }))
    const answers = await Promise.allSettled(asked)
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it.each([
    [{ address: 'http://bank.example/x' }, 'invalid', 'InvalidUrl'],
    [{ address: 'https://other.example/x' }, 'invalid', 'InvalidUrl'],
    [{ address: '' }, 'invalid', 'InvalidUrl'],
    [{ assetId: NOBODY }, 'invalid', 'UnknownAsset'],
    [{ assetId: 'no id' }, 'invalid', 'UnknownAsset'],
  ])('are refused: %o', async (over, kind, reason) => {
    await expect(create(over)).rejects.toMatchObject({ kind, reason })
  })

  it('are only of their own tenant’s assets', async () => {
    await expect(create({ assetId: foreign.id })).rejects.toMatchObject({ kind: 'invalid', reason: 'UnknownAsset' })
  })

  it('need a tenant with a wallet address URL', async () => {
    const bare = '33333333-3333-4333-8333-333333333333'
    await insertTenant(database, bare)
    const restarted = await startRooms(database)
    try {
      const address = restarted.walletAddresses.create({ tenantId: bare, address: 'x', assetId: usd.id })
      await expect(address).rejects.toMatchObject({ kind: 'not-found', reason: 'WalletAddressSettingNotFound' })
    } finally {
      await restarted.close()
    }
  })

  it('may be http where the development token is set', async () => {
    const development = await startRooms(database, {
      OPEN_PAYMENTS_DEV_TOKEN: 'a-development-token',
      WALLET_ADDRESS_URL: 'http://127.0.0.1:3003',
    })
    try {
      const input = { tenantId: OPERATOR, address: 'erin', assetId: usd.id }
      const erin = await development.walletAddresses.create(input)
      expect(erin.address).toBe('http://127.0.0.1:3003/erin')
    } finally {
      await development.close()
    }
  })

  it('are listed and read by their own tenant and the operator only', async () => {
    const { id } = await createForeign('frank')
    await expect(rooms.walletAddresses.get(OPERATOR, id)).rejects.toMatchObject(UNKNOWN)
    await expect(rooms.walletAddresses.update(OPERATOR, id, { publicName: 'mine' })).rejects.toMatchObject(UNKNOWN)
    const withdrawal = { tenantId: OPERATOR, walletAddressId: id, id: randomUUID(), timeoutSeconds: 0n }
    await expect(rooms.walletAddresses.withdrawLiquidity(withdrawal)).rejects.toMatchObject(UNKNOWN)
    expect((await rooms.walletAddresses.get(undefined, id)).id).toBe(id)
    const ids = async (tenantId: string | undefined) =>
      (await rooms.walletAddresses.list(tenantId, { first: 100 })).rows.map((row) => row.id)
    expect(await ids(OPERATOR)).not.toContain(id)
    expect(await ids(OTHER_TENANT)).toContain(id)
    expect(await ids(undefined)).toContain(id)
  })

  it.each([NOBODY, 'no id', ''])('that do not exist are not found: %j', async (id) => {
    await expect(rooms.walletAddresses.get(OPERATOR, id)).rejects.toMatchObject(UNKNOWN)
  })

  it('keep their asset from being deleted', async () => {
    const asset = await rooms.assets.create({ tenantId: OPERATOR, code: 'USED', scale: 2 })
    await create({ assetId: asset.id })
    await expect(rooms.assets.delete(OPERATOR, asset.id)).rejects.toMatchObject({
      reason: 'CannotDeleteInUseAsset',
      message: expect.stringContaining('a wallet address'),
    })
  })
})

describe('changing a wallet address', () => {
  it('leaves alone what is not given, and takes away what is null', async () => {
    const before = await create({ publicName: 'Grace' })
    expect(await rooms.walletAddresses.update(OPERATOR, before.id, {})).toEqual(before)
    const renamed = await rooms.walletAddresses.update(OPERATOR, before.id, { publicName: 'Dr Grace' })
    expect(renamed).toEqual({ ...before, publicName: 'Dr Grace' })
    expect((await rooms.walletAddresses.update(OPERATOR, before.id, { publicName: null })).publicName).toBeNull()
  })

  it('deactivates and activates it', async () => {
    const { id } = await create()
    const inactive = await rooms.walletAddresses.update(OPERATOR, id, { status: 'INACTIVE' })
    expect(inactive.deactivatedAt).toBeInstanceOf(Date)
    const again = await rooms.walletAddresses.update(OPERATOR, id, { status: 'INACTIVE' })
    expect(again.deactivatedAt).toEqual(inactive.deactivatedAt)
    expect((await rooms.walletAddresses.update(OPERATOR, id, { status: 'ACTIVE' })).deactivatedAt).toBeNull()
  })

  it('is seen by other processes within a second', timed, async () => {
    const { id, address } = await create({ publicName: 'before' })
    await secondProcess.walletAddresses.byUrl(address)
    const startedAt = performance.now()
    await rooms.walletAddresses.update(OPERATOR, id, { status: 'INACTIVE', publicName: 'after' })
    const seen = async () => (await secondProcess.walletAddresses.byUrl(address))?.publicName === 'after'
    await waitFor('the other process to see it', seen)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })

  it('is answered from memory when nothing changed', async () => {
    const { id, address } = await create()
    const known = await rooms.walletAddresses.get(OPERATOR, id)
    expect(await rooms.walletAddresses.get(OPERATOR, id)).toBe(known)
    expect(await rooms.walletAddresses.byUrl(address)).toBe(known)
  })

  it('lets other rooms take part in its deactivation, or stop it', async () => {
    const [taking, stopping] = [await create(), await create()]
    const heard: string[] = []
    rooms.walletAddresses.whenDeactivated(async (db, { id }) => {
      if (id === stopping.id) throw new Error('not now')
      heard.push(`${id} ${db.queryRunner?.isTransactionActive}`)
    })
    await rooms.walletAddresses.update(OPERATOR, taking.id, { status: 'INACTIVE' })
    await rooms.walletAddresses.update(OPERATOR, taking.id, { status: 'INACTIVE' })
    expect(heard).toEqual([`${taking.id} true`])
    await expect(rooms.walletAddresses.update(OPERATOR, stopping.id, { status: 'INACTIVE' })).rejects.toThrow('not now')
    expect((await rooms.walletAddresses.get(OPERATOR, stopping.id)).deactivatedAt).toBeNull()
  })
})

describe('money on a wallet address', () => {
  it('is withdrawn as a whole, once per id', async () => {
    const heidi = await create()
    await paidTo(heidi, 120n)
    const withdrawal = { tenantId: OPERATOR, walletAddressId: heidi.id, id: randomUUID(), timeoutSeconds: 0n }
    expect(await rooms.walletAddresses.withdrawLiquidity(withdrawal)).toBe(120n)
    await paidTo(heidi, 5n)
    expect(await rooms.walletAddresses.withdrawLiquidity(withdrawal)).toBe(120n)
    expect(await rooms.walletAddresses.liquidity(heidi.id)).toBe(5n)
  })

  it('is held until the withdrawal is posted or voided', async () => {
    const ivan = await create()
    await paidTo(ivan, 7n)
    const withdrawal = { tenantId: OPERATOR, walletAddressId: ivan.id, id: randomUUID(), timeoutSeconds: 60n }
    await rooms.walletAddresses.withdrawLiquidity(withdrawal)
    expect((await rooms.walletAddresses.liquidities([ivan.id])).get(ivan.id)).toBe(0n)
    expect(await rooms.walletAddresses.withdrawLiquidity(withdrawal)).toBe(7n)
    await rooms.withdrawals.void(OPERATOR, withdrawal.id)
    const again = rooms.walletAddresses.withdrawLiquidity(withdrawal)
    await expect(again).rejects.toMatchObject({ kind: 'conflict', reason: 'AlreadyVoided' })
    expect(await rooms.walletAddresses.liquidity(ivan.id)).toBe(7n)
  })

  it('is withdrawn once per event that reported it, and again after a void', async () => {
    const karl = await create()
    await paidTo(karl, 7n)
    const withdrawal = { tenantId: OPERATOR, id: karl.id, eventId: randomUUID(), amount: 7n, timeoutSeconds: 60n }
    await rooms.walletAddresses.withdrawReported(withdrawal)
    const again = rooms.walletAddresses.withdrawReported(withdrawal)
    await expect(again).rejects.toMatchObject({ kind: 'duplicate', reason: 'TransferExists' })
    await rooms.withdrawals.void(OPERATOR, withdrawal.eventId)
    await rooms.walletAddresses.withdrawReported(withdrawal)
    await rooms.withdrawals.post(OPERATOR, withdrawal.eventId)
    expect(await rooms.walletAddresses.liquidity(karl.id)).toBe(0n)
  })

  it('cannot be withdrawn when there is none', async () => {
    const { id: walletAddressId } = await create()
    const withdrawal = { tenantId: OPERATOR, walletAddressId, id: randomUUID(), timeoutSeconds: 0n }
    const refused = rooms.walletAddresses.withdrawLiquidity(withdrawal)
    await expect(refused).rejects.toMatchObject({ kind: 'invalid', reason: 'AmountZero' })
  })

  it('is never read through the id of another’s transfer', async () => {
    const judy = await create()
    await paidTo(judy, 7n)
    const deposit = { tenantId: OTHER_TENANT, assetId: foreign.id, id: randomUUID(), amount: 5n }
    await rooms.assets.depositLiquidity(deposit)
    const withdrawal = { tenantId: OPERATOR, walletAddressId: judy.id, id: deposit.id, timeoutSeconds: 0n }
    const refused = rooms.walletAddresses.withdrawLiquidity(withdrawal)
    await expect(refused).rejects.toMatchObject({ kind: 'duplicate', reason: 'TransferExists' })
    expect(await rooms.walletAddresses.liquidity(judy.id)).toBe(7n)
  })
})

describe('a wallet address whose process ended between its row and its ledger account', () => {
  async function halfCreated(name: string): Promise<string> {
    const id = randomUUID()
    const sql = `insert into wallet_addresses (id, tenant_id, address, asset_id, account_opened) values ($1, $2, $3, $4, false)`
    await database.query(sql, [id, OPERATOR, `${WALLET_BASE}/${name}`, usd.id])
    return id
  }

  it('gets it when it is read', async () => {
    const id = await halfCreated('crash1')
    await rooms.walletAddresses.byUrl(`${WALLET_BASE}/crash1`)
    expect((await rooms.ledger.balances([idFromUuid(id)])).size).toBe(1)
    const [row] = await database.query('select account_opened from wallet_addresses where id = $1', [id])
    expect(row).toEqual({ account_opened: true })
  })

  it('gets it at the next start, however many there are', async () => {
    const rows = await database.query(
      `insert into wallet_addresses (id, tenant_id, address, asset_id, account_opened)
       select gen_random_uuid(), $1, $2 || n, $3, false from generate_series(1, 450) as n returning id`,
      [OPERATOR, `${WALLET_BASE}/crash-at-`, usd.id],
    )
    await (await startRooms(database)).close()
    expect((await rooms.ledger.balances(rows.map(({ id }) => idFromUuid(`${id}`)))).size).toBe(450)
  })
})

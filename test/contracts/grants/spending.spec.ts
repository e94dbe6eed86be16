import { randomUUID } from 'node:crypto'
import { type Grant, type GrantedPayment, reserveFromGrant, settleWithGrant, spentFromGrant } from '@kivuko/grants'
import { createDataSource, type DataSource } from '@kivuko/platform'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TENANT_ID } from '../../harness/node-settings.js'
import { type FreshDatabase, freshDatabase } from '../../harness/postgres.js'
import { insertTenant } from '../../harness/tenants.js'

let database: FreshDatabase
let dataSource: DataSource

beforeAll(async () => {
  database = await freshDatabase('grants')
  dataSource = createDataSource({
    url: database.url,
    poolSize: 12,
    applicationName: 'grants test',
    entities: [],
    onPoolError: () => undefined,
  })
  await dataSource.initialize()
  await database.query('insert into tenants (id, operator) values ($1, true)', [TENANT_ID])
})
afterAll(async () => {
  await dataSource?.destroy()
  await database?.drop()
})

const usd = (value: bigint) => ({ value, assetCode: 'USD', assetScale: 2 })
const eur = (value: bigint) => ({ value, assetCode: 'EUR', assetScale: 2 })
const JANUARY = new Date('2026-01-15T00:00:00Z')
const FEBRUARY = new Date('2026-02-15T00:00:00Z')
const MONTHLY = 'R/2026-01-01T00:00:00Z/P1M'
const beyond = { kind: 'forbidden', reason: 'BeyondGrant' }

function grantOf(limits?: Grant['limits']): Grant {
  return { tenantId: TENANT_ID, id: randomUUID(), limits }
}

/** 100 USD cents that deliver 91 EUR cents, in the proportion. */
function payment(debit: bigint, receive = (debit * 91n) / 100n): GrantedPayment {
  return {
    id: randomUUID(),
    receiver: 'https://b.example/incoming-payments/1',
    debitAmount: usd(debit),
    receiveAmount: eur(receive),
  }
}

const reserve = (grant: Grant, granted: GrantedPayment, at = JANUARY) =>
  dataSource.transaction((db) => reserveFromGrant(db, grant, granted, at))
const settle = (id: string, kept: { debitValue?: bigint; receiveValue: bigint }) =>
  dataSource.transaction((db) => settleWithGrant(db, id, kept, JANUARY))
const spent = (grant: Grant, at = JANUARY) => spentFromGrant(dataSource.manager, grant, at)

describe('payments under a grant', () => {
  it('take from its limit until it is used up, to the last cent', async () => {
    const grant = grantOf({ debitAmount: usd(250n) })
    expect(await spent(grant)).toEqual({ debitAmount: null, receiveAmount: null })
    expect(await reserve(grant, payment(100n))).toEqual({ debitAmount: usd(100n), receiveAmount: eur(91n) })
    expect(await reserve(grant, payment(100n))).toEqual({ debitAmount: usd(200n), receiveAmount: eur(182n) })
    await expect(reserve(grant, payment(51n))).rejects.toMatchObject({
      ...beyond,
      message: expect.stringContaining('its debitAmount is 250, 200 of it is spent, and the payment needs 51'),
    })
    await reserve(grant, payment(50n, 45n))
    expect(await spent(grant)).toEqual({ debitAmount: usd(250n), receiveAmount: eur(227n) })
    await expect(reserve(grant, payment(1n))).rejects.toMatchObject(beyond)
  })

  it('may be limited by what arrives', async () => {
    const grant = grantOf({ receiveAmount: eur(100n) })
    await reserve(grant, payment(100n))
    await expect(reserve(grant, payment(100n, 10n))).rejects.toMatchObject(beyond)
    await reserve(grant, payment(100n, 9n))
  })

  it('made at the same time share the limit, whoever comes first', async () => {
    const grant = grantOf({ debitAmount: usd(450n) })
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => reserve(grant, payment(100n))))
    const refused = outcomes.filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(16)
    for (const outcome of refused) expect(outcome).toMatchObject({ reason: beyond })
    expect((await spent(grant)).debitAmount).toEqual(usd(400n))
  })

  it('leave no trace when their transaction fails', async () => {
    const grant = grantOf({ debitAmount: usd(100n) })
    const failing = dataSource.transaction(async (db) => {
      await reserveFromGrant(db, grant, payment(100n), JANUARY)
      throw new Error('the webhook row could not be written')
    })
    await expect(failing).rejects.toThrow('the webhook row')
    await reserve(grant, payment(100n))
  })

  it('are counted without a limit too, each asset for itself', async () => {
    const grant = grantOf()
    await reserve(grant, payment(100n))
    await reserve(grant, { ...payment(50n), receiveAmount: usd(50n) })
    expect(await spent(grant)).toEqual({ debitAmount: usd(150n), receiveAmount: null })
  })

  it('of another grant, and of another tenant’s of the same name, do not count', async () => {
    const grant = grantOf({ debitAmount: usd(100n) })
    const other = { ...grant, tenantId: randomUUID() }
    await insertTenant(database, other.tenantId)
    await reserve(grant, payment(100n))
    await reserve(grantOf({ debitAmount: usd(100n) }), payment(100n))
    await reserve(other, payment(100n))
  })
})

describe('an interval', () => {
  it('has the whole limit again', async () => {
    const grant = grantOf({ debitAmount: usd(100n), interval: MONTHLY })
    await reserve(grant, payment(100n))
    await expect(reserve(grant, payment(1n))).rejects.toMatchObject(beyond)
    expect(await reserve(grant, payment(60n), FEBRUARY)).toMatchObject({ debitAmount: usd(60n) })
    expect((await spent(grant)).debitAmount).toEqual(usd(100n))
  })

  it('outside of which nothing is paid and nothing is spent', async () => {
    const grant = grantOf({ debitAmount: usd(100n), interval: 'R1/2026-01-01T00:00:00Z/P1M' })
    await reserve(grant, payment(10n))
    await expect(reserve(grant, payment(10n), FEBRUARY)).rejects.toMatchObject(beyond)
    expect(await spent(grant, FEBRUARY)).toEqual({ debitAmount: null, receiveAmount: null })
  })

  it('that cannot be read lets nothing through', async () => {
    const grant = grantOf({ debitAmount: usd(100n), interval: 'every month' })
    await expect(reserve(grant, payment(10n))).rejects.toMatchObject(beyond)
  })
})

describe('a payment that ends', () => {
  it('gives back what it did not use, once', async () => {
    const grant = grantOf({ debitAmount: usd(100n) })
    const failed = payment(100n)
    await reserve(grant, failed)
    await settle(failed.id, { debitValue: 30n, receiveValue: 27n })
    await settle(failed.id, { debitValue: 0n, receiveValue: 0n })
    expect(await spent(grant)).toEqual({ debitAmount: usd(30n), receiveAmount: eur(27n) })
    await reserve(grant, payment(70n))
    await expect(reserve(grant, payment(1n))).rejects.toMatchObject(beyond)
  })

  it('gives all back when it was cancelled', async () => {
    const grant = grantOf({ debitAmount: usd(100n) })
    const cancelled = payment(100n)
    await reserve(grant, cancelled)
    await settle(cancelled.id, { debitValue: 0n, receiveValue: 0n })
    expect(await spent(grant)).toEqual({ debitAmount: usd(0n), receiveAmount: eur(0n) })
  })

  it('keeps its debit amount when completed, and what arrived', async () => {
    const grant = grantOf({ debitAmount: usd(100n) })
    const completed = payment(100n)
    await reserve(grant, completed)
    await settle(completed.id, { receiveValue: 90n })
    expect(await spent(grant)).toEqual({ debitAmount: usd(100n), receiveAmount: eur(90n) })
  })

  it('never keeps more than it took', async () => {
    const grant = grantOf({ debitAmount: usd(100n) })
    const granted = payment(100n)
    await reserve(grant, granted)
    await settle(granted.id, { debitValue: 200n, receiveValue: 200n })
    expect(await spent(grant)).toEqual({ debitAmount: usd(100n), receiveAmount: eur(91n) })
  })

  it('gives back to the interval that it was made in', async () => {
    const grant = grantOf({ debitAmount: usd(100n), interval: MONTHLY })
    const failed = payment(100n)
    await reserve(grant, failed)
    await reserve(grant, payment(100n), FEBRUARY)
    await settle(failed.id, { debitValue: 0n, receiveValue: 0n })
    expect((await spent(grant)).debitAmount).toEqual(usd(0n))
    expect((await spent(grant, FEBRUARY)).debitAmount).toEqual(usd(100n))
  })

  it('without a grant has nothing to give back', async () => {
    await expect(settle(randomUUID(), { receiveValue: 0n })).resolves.toBeUndefined()
  })
})

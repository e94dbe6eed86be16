import { idFromUuid } from '@kivuko/accounting'
import { SystemClock } from '@kivuko/platform'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { timed } from '../../harness/tries.js'
import { waitFor } from '../../harness/wait-for.js'
import { Bank, OPERATOR, type PaymentsProcess, startPayments } from './payments-process.js'

const NOBODY = '99999999-9999-4999-8999-999999999999'
const clock = new SystemClock()

let bank: Bank
let secondProcess: PaymentsProcess

beforeAll(async () => {
  bank = await Bank.open('incoming')
  secondProcess = await startPayments(bank.database)
})
afterAll(async () => {
  await secondProcess.close()
  await bank.close()
})

// Later than a payment is made on a machine under load.
const soon = (): Date => new Date(clock.nowMs() + 2_000)

/** Does for the payment what is due, as soon as it is. */
async function settled(id: string): Promise<void> {
  await waitFor('the payment is settled', async () => {
    await bank.rooms.settlement.settle(id)
    return (await bank.rooms.incomingPayments.get(OPERATOR, id)).dueAt === null
  })
}

describe('an incoming payment', () => {
  it('is made with an account, credentials and an event', async () => {
    const payment = await bank.ask({ incomingAmount: 500n })
    expect(payment).toMatchObject({ state: 'PENDING', incomingAmount: 500n, receivedAmount: 0n, assetId: bank.eur.id })
    expect(await bank.rooms.incomingPayments.get(OPERATOR, payment.id)).toEqual(payment)
    expect(await bank.balance(payment.id)).toMatchObject({ creditsPosted: 0n })
    expect(bank.rooms.incomingPayments.credentials(payment)?.ilpAddress).toMatch(/^test\.payments\../)
    const [created] = await bank.told(payment.id)
    expect(created).toMatchObject({
      type: 'incoming_payment.created',
      data: {
        id: payment.id,
        walletAddressId: bank.bob.id,
        incomingAmount: { value: '500', assetCode: 'EUR', assetScale: 2 },
        receivedAmount: { value: '0', assetCode: 'EUR', assetScale: 2 },
        completed: false,
      },
    })
  })

  it('is refused with a reason when its form is wrong', async () => {
    await expect(bank.ask({ incomingAmount: 0n })).rejects.toMatchObject({ kind: 'invalid', reason: 'InvalidAmount' })
    await expect(bank.ask({ incomingAmount: 2n ** 64n })).rejects.toMatchObject({ reason: 'InvalidAmount' })
    await expect(bank.ask({ expiresAt: new Date(clock.nowMs() - 1) })).rejects.toMatchObject({
      reason: 'InvalidExpiry',
    })
    const nextYear = new Date(clock.nowMs() + 365 * 86_400_000)
    await expect(bank.ask({ expiresAt: nextYear })).rejects.toMatchObject({ reason: 'InvalidExpiry' })
    const unknown = { tenantId: OPERATOR, walletAddressId: NOBODY, initiatedBy: 'ADMIN' } as const
    await expect(bank.rooms.incomingPayments.create(unknown)).rejects.toMatchObject({ reason: 'UnknownWalletAddress' })
  })

  it('is seen by its tenant only', async () => {
    const { id } = await bank.ask()
    await expect(bank.rooms.incomingPayments.get(NOBODY, id)).rejects.toMatchObject({ reason: 'UnknownPayment' })
    expect((await bank.rooms.incomingPayments.list({ tenantId: NOBODY })).rows).toEqual([])
    const { rows } = await bank.rooms.incomingPayments.list({ tenantId: OPERATOR, walletAddressId: bank.bob.id })
    expect(rows[0]?.id).toBe(id)
  })

  it('is PROCESSING from the first money on, and COMPLETED with the last', async () => {
    const payment = await bank.ask({ incomingAmount: 500n })
    await bank.credit(payment, 200n)
    const processing = await bank.rooms.incomingPayments.get(OPERATOR, payment.id)
    expect(processing).toMatchObject({ state: 'PROCESSING', receivedAmount: 200n })
    await bank.credit(payment, 300n)
    const completed = await bank.rooms.incomingPayments.get(OPERATOR, payment.id)
    expect(completed).toMatchObject({ state: 'COMPLETED', receivedAmount: 500n, dueAt: null })
    const [, told] = await bank.told(payment.id)
    expect(told).toMatchObject({
      id: completed.finalEventId,
      type: 'incoming_payment.completed',
      data: { receivedAmount: { value: '500' }, completed: true },
    })
    expect(bank.rooms.incomingPayments.credentials(completed)).toBeUndefined()
  })

  it('is told of as another process has changed it, also where this one has not heard of the change', async () => {
    const payment = await bank.ask({ incomingAmount: 500n })
    // As a replica the server runs no triggers: nobody is told.
    await bank.database.query(`begin; set local session_replication_role = replica;
      update incoming_payments set metadata = '{"invoice": "7"}', updated_at = updated_at + interval '1 ms'
      where id = '${payment.id}'; commit`)
    await bank.credit(payment, 500n)
    expect((await bank.told(payment.id)).at(-1)).toMatchObject({
      type: 'incoming_payment.completed',
      data: { receivedAmount: { value: '500' }, metadata: { invoice: '7' } },
    })
  })

  it('makes room for no more than it asks for', async () => {
    const payment = await bank.ask({ incomingAmount: 500n })
    const first = await bank.rooms.admissions.admit(payment.id, 400n)
    await expect(bank.rooms.admissions.admit(payment.id, 101n)).rejects.toMatchObject({
      reason: 'ReceiverClosed',
      details: { missingAmount: 100n },
    })
    first.released()
    const second = await bank.rooms.admissions.admit(payment.id, 500n)
    second.released()
  })

  it('pays out once what it has received', async () => {
    const payment = await bank.ask({ incomingAmount: 500n })
    const { incomingPayments } = bank.rooms
    await expect(
      incomingPayments.withdraw({ tenantId: OPERATOR, id: payment.id, timeoutSeconds: 0n }),
    ).rejects.toMatchObject({ reason: 'WrongState' })
    await bank.credit(payment, 500n)
    const withdrawal = { tenantId: OPERATOR, id: payment.id, timeoutSeconds: 0n, call: 'the first' }
    for (let times = 0; times < 2; times += 1) await incomingPayments.withdraw(withdrawal)
    const another = incomingPayments.withdraw({ ...withdrawal, call: 'the second' })
    await expect(another).rejects.toMatchObject({ kind: 'conflict', reason: 'AlreadyPosted' })
    expect(await bank.balance(payment.id)).toMatchObject({ creditsPosted: 500n, debitsPosted: 500n })
    expect((await incomingPayments.get(OPERATOR, payment.id)).receivedAmount).toBe(500n)
  })
})

describe('an incoming payment whose time is over', () => {
  it('with money has expired and is reported', async () => {
    const payment = await bank.ask({ incomingAmount: 500n, expiresAt: soon() })
    // Whenever it comes: the ledger has it.
    await bank.creditInLedger(payment, 200n)
    await settled(payment.id)
    expect(await bank.rooms.incomingPayments.get(OPERATOR, payment.id)).toMatchObject({ state: 'EXPIRED' })
    expect((await bank.told(payment.id))[1]).toMatchObject({
      type: 'incoming_payment.expired',
      data: { receivedAmount: { value: '200' }, completed: false },
    })
    await bank.rooms.incomingPayments.withdraw({ tenantId: OPERATOR, id: payment.id, timeoutSeconds: 0n })
    expect(await bank.balance(payment.id)).toMatchObject({ debitsPosted: 200n })
  })

  it('without money is closed in silence', async () => {
    const payment = await bank.ask({ expiresAt: soon() })
    await settled(payment.id)
    expect(await bank.rooms.incomingPayments.get(OPERATOR, payment.id)).toMatchObject({ state: 'EXPIRED' })
    expect((await bank.told(payment.id)).map(({ type }) => type)).toEqual(['incoming_payment.created'])
  })

  it('is closed and reported once, however many workers do it', async () => {
    const payment = await bank.ask({ expiresAt: soon() })
    await bank.creditInLedger(payment, 1n)
    await waitFor('it is due', () => clock.nowMs() > payment.expiresAt.getTime() + 1_000)
    const workers = [bank.rooms, secondProcess, bank.rooms, secondProcess]
    await Promise.all(workers.map(({ settlement }) => settlement.settle(payment.id)))
    expect((await bank.told(payment.id)).map(({ type }) => type)).toEqual([
      'incoming_payment.created',
      'incoming_payment.expired',
    ])
  })

  it('takes no money, before any worker has seen it', async () => {
    const payment = await bank.ask({ expiresAt: soon() })
    await waitFor('its time is over', () => clock.nowMs() >= payment.expiresAt.getTime())
    await expect(bank.rooms.admissions.admit(payment.id, 1n)).rejects.toMatchObject({ reason: 'ReceiverClosed' })
    expect(bank.rooms.incomingPayments.credentials(payment)).toBeUndefined()
  })
})

describe('an incoming payment closed by hand', () => {
  it('is completed with what it has, which is reported with what was still arriving', async () => {
    const payment = await bank.ask({ incomingAmount: 500n })
    await bank.credit(payment, 200n)
    const admission = await bank.rooms.admissions.admit(payment.id, 100n)
    const closed = await bank.rooms.incomingPayments.complete(OPERATOR, payment.id)
    expect(closed).toMatchObject({ state: 'COMPLETED', receivedAmount: 200n })
    await bank.creditInLedger(payment, 100n)
    await admission.credited()
    await settled(payment.id)
    expect((await bank.told(payment.id)).slice(1)).toMatchObject([
      { type: 'incoming_payment.completed', data: { receivedAmount: { value: '300' } } },
    ])
    await expect(bank.rooms.incomingPayments.complete(OPERATOR, payment.id)).rejects.toMatchObject({
      kind: 'conflict',
      reason: 'WrongState',
    })
  })

  it('takes no more in any process within a second', timed, async () => {
    const payment = await bank.ask({ incomingAmount: 500n })
    const elsewhere = await secondProcess.admissions.admit(payment.id, 1n)
    elsewhere.released()
    await bank.rooms.incomingPayments.complete(OPERATOR, payment.id)
    const refused = async (): Promise<boolean> => {
      const admitted = await secondProcess.admissions.admit(payment.id, 1n).catch(() => undefined)
      admitted?.released()
      return admitted === undefined
    }
    await waitFor('the other process refuses', refused, { deadlineMs: 1_000 })
  })
})

describe('after a crash between ledger and row', () => {
  it('the row is brought up to the ledger', async () => {
    const [partly, wholly] = [await bank.ask({ incomingAmount: 500n }), await bank.ask({ incomingAmount: 500n })]
    await bank.creditInLedger(partly, 200n)
    await bank.creditInLedger(wholly, 500n)
    await bank.rooms.settlement.catchUp()
    const { incomingPayments } = bank.rooms
    expect(await incomingPayments.get(OPERATOR, partly.id)).toMatchObject({ state: 'PROCESSING', receivedAmount: 200n })
    expect(await incomingPayments.get(OPERATOR, wholly.id)).toMatchObject({ state: 'COMPLETED', receivedAmount: 500n })
    expect((await bank.told(wholly.id)).at(-1)?.type).toBe('incoming_payment.completed')
  })

  it('an account that was not opened is opened by the first money', async () => {
    const payment = await bank.ask()
    const missing = { ...payment, id: '33333333-3333-4333-8333-333333333333' }
    await bank.rooms.dataSource.query(
      `insert into incoming_payments (id, tenant_id, wallet_address_id, asset_id, state, expires_at, initiated_by, due_at,
         created_at, updated_at)
       select $2, tenant_id, wallet_address_id, asset_id, state, expires_at, initiated_by, due_at, created_at, updated_at
       from incoming_payments where id = $1`,
      [payment.id, missing.id],
    )
    expect((await bank.rooms.ledger.balances([idFromUuid(missing.id)])).size).toBe(0)
    await bank.credit(missing, 7n)
    expect((await bank.rooms.incomingPayments.get(OPERATOR, missing.id)).receivedAmount).toBe(7n)
  })
})

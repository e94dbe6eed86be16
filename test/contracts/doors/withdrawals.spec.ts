import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { refusalOf } from '../../harness/admin-client.js'
import { type Customer, ended, openAsset, openCustomer, placeOrder } from '../../harness/network.js'
import { waitFor } from '../../harness/wait-for.js'
import { describeOnEachLedger, type LedgerChoice } from '../ledger/each-ledger.js'
import { type Sending, TwoAdminProcesses } from './two-admin-processes.js'

const ASKED = 700n
const FEE = 50n
const success = { success: true }

describeOnEachLedger('withdrawals', (openLedger) => {
  let ledger: LedgerChoice
  let admins: TwoAdminProcesses
  let alice: Customer
  let bob: Customer

  beforeAll(async () => {
    ledger = await openLedger()
    admins = await TwoAdminProcesses.open({ name: 'withdrawals', env: ledger.env })
    const usd = await openAsset(admins.node, 'USD', 2)
    await admins.node.admin.setFee(usd.id, FEE, 0)
    alice = await openCustomer(admins.node, 'alice', usd)
    bob = await openCustomer(admins.node, 'bob', usd)
  })
  afterAll(async () => {
    await admins?.stop()
    await ledger?.close()
  })

  /** A payment that has ended: what can be withdrawn of it, how, and under which event. */
  interface Ended {
    readonly eventId: string
    readonly amount: bigint
    readonly withdraw: (timeoutSeconds: bigint, sending?: Sending) => Promise<unknown>
    readonly liquidity: () => Promise<bigint>
    readonly withdrawals: () => Promise<readonly Transfer[]>
  }

  async function paid(): Promise<{ incoming: Ended; outgoing: Ended }> {
    const { receiver, payment } = await placeOrder(alice, bob, { asked: ASKED })
    await ended(admins.node, payment.id)
    const incomingId = receiver.id.split('/').at(-1) ?? ''
    return {
      incoming: await asEnded('incomingPayment', incomingId, 'incoming_payment.completed', ASKED),
      outgoing: await asEnded('outgoingPayment', payment.id, 'outgoing_payment.completed', FEE),
    }
  }

  async function asEnded(kind: 'incomingPayment' | 'outgoingPayment', id: string, type: string, amount: bigint) {
    const { id: eventId } = await admins.node.operator.event(type, id)
    const mutation = kind === 'incomingPayment' ? 'createIncomingPaymentWithdrawal' : 'createOutgoingPaymentWithdrawal'
    return {
      eventId,
      amount,
      withdraw: (timeoutSeconds: bigint, sending?: Sending) =>
        admins.change(mutation, { [`${kind}Id`]: id, timeoutSeconds }, sending),
      liquidity: () => liquidityOf(kind, id),
      withdrawals: () => withdrawalsFrom(id),
    }
  }

  async function liquidityOf(kind: string, id: string): Promise<bigint> {
    const shape = z.object({ [kind]: z.object({ liquidity: z.coerce.bigint() }) })
    const query = `query ($id: String!) { ${kind}(id: $id) { liquidity } }`
    const answer = await admins.node.admin.client.request(query, { id }, shape)
    return answer[kind]?.liquidity ?? -1n
  }

  interface Transfer {
    readonly id: string
    readonly amount: bigint
    readonly state: string
  }

  /** Oldest first. */
  async function withdrawalsFrom(id: string): Promise<readonly Transfer[]> {
    const debit = z.object({
      ...{ id: z.string(), amount: z.coerce.bigint(), state: z.string(), transferType: z.string() },
    })
    const shape = z.object({ accountingTransfers: z.object({ debits: z.array(debit) }) })
    const query = 'query ($id: String!) { accountingTransfers(id: $id) { debits { id amount state transferType } } }'
    const { debits } = (await admins.node.admin.client.request(query, { id }, shape)).accountingTransfers
    return debits.filter(({ transferType }) => transferType === 'WITHDRAWAL').reverse()
  }

  const voidIt = (withdrawalId: string, sending?: Sending) =>
    admins.change('voidLiquidityWithdrawal', { withdrawalId }, sending)
  const postIt = (withdrawalId: string, sending?: Sending) =>
    admins.change('postLiquidityWithdrawal', { withdrawalId }, sending)
  const withdrawByEvent = (eventId: string, sending?: Sending) =>
    admins.change('withdrawEventLiquidity', { eventId }, sending)

  const backAgain = ({ liquidity, amount }: Ended) =>
    waitFor('the time of the withdrawal is over', async () => (await liquidity()) === amount)

  describe.each(['incoming', 'outgoing'] as const)('of an %s payment', (direction) => {
    it('can be made again after a void, under an id of its own, and posted by the id of the event', async () => {
      const payment = (await paid())[direction]
      const { eventId, amount } = payment
      const key = randomUUID()
      expect(await payment.withdraw(60n, { key })).toEqual(success)
      expect(await voidIt(eventId)).toEqual(success)
      expect(await payment.withdraw(60n, { key, process: 1 })).toEqual(success)
      expect(await payment.liquidity()).toBe(amount)

      expect(await payment.withdraw(60n, { process: 1 })).toEqual(success)
      expect(await payment.liquidity()).toBe(0n)
      expect(await postIt(eventId)).toEqual(success)
      expect(await payment.withdrawals()).toMatchObject([
        { id: eventId, amount, state: 'VOIDED' },
        { amount, state: 'POSTED' },
      ])
      const again = await refusalOf(payment.withdraw(0n))
      expect(again).toMatchObject({ codes: ['CONFLICT'], message: expect.stringContaining('has been withdrawn') })
      const byEvent = await refusalOf(withdrawByEvent(eventId))
      expect(byEvent).toMatchObject({ codes: ['CONFLICT'], message: expect.stringContaining('has been withdrawn') })
      expect(await payment.liquidity()).toBe(0n)
    })

    it('can be made again after its timeout, also by the event', async () => {
      const payment = (await paid())[direction]
      expect(await payment.withdraw(1n)).toEqual(success)
      await backAgain(payment)
      expect(await withdrawByEvent(payment.eventId)).toEqual(success)
      expect(await payment.liquidity()).toBe(0n)
      const { withdrawals } = payment
      expect((await withdrawals()).map(({ state }) => state)).toEqual(['VOIDED', 'POSTED'])
    })

    it('is made by one of many calls at once, in two processes, whatever ended before', async () => {
      const payment = (await paid())[direction]
      for (let ends = 1; ends <= 3; ends += 1) {
        const calls = Array.from({ length: 8 }, (_, number) => payment.withdraw(60n, { process: number }))
        const answers = await Promise.allSettled(calls)
        expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
        expect(await payment.liquidity()).toBe(0n)
        await voidIt(payment.eventId, { process: ends })
        expect(await payment.liquidity()).toBe(payment.amount)
        expect(await payment.withdrawals()).toHaveLength(ends)
      }
    })

    it('is refused while one is open, which the refusal names, and does not hide how it ends', async () => {
      const payment = (await paid())[direction]
      await payment.withdraw(60n)
      const second = await refusalOf(payment.withdraw(60n))
      expect(second.codes).toEqual(['DUPLICATE'])
      expect(second.message).toContain(payment.eventId)
      expect(second.message).toContain('post or void it')
      expect((await admins.node.audit()).findings).toEqual([])
      await postIt(payment.eventId)
      expect((await refusalOf(voidIt(payment.eventId))).codes).toEqual(['CONFLICT'])
      expect(await payment.withdrawals()).toHaveLength(1)
    })

    it('is the same one to the same key, when the first answer was lost', async () => {
      const payment = (await paid())[direction]
      const [first, second] = [randomUUID(), randomUUID()]
      await payment.withdraw(60n, { key: first })
      await admins.forgetAnswer(first)
      expect(await payment.withdraw(60n, { key: first, process: 1 })).toEqual(success)
      await voidIt(payment.eventId)
      await payment.withdraw(60n, { key: second })
      await admins.forgetAnswer(second)
      expect(await payment.withdraw(60n, { key: second })).toEqual(success)
      expect(await payment.withdrawals()).toHaveLength(2)
      await postIt(payment.eventId)
      await admins.forgetAnswer(second)
      expect(await payment.withdraw(60n, { key: second })).toEqual(success)
      await admins.forgetAnswer(first)
      expect((await refusalOf(payment.withdraw(60n, { key: first }))).codes).toEqual(['CONFLICT'])
      expect(await payment.withdrawals()).toHaveLength(2)
    })
  })

  describe('under an id that the caller chose', () => {
    const fromAsset = (id: string, sending?: Sending) =>
      admins.change('createAssetLiquidityWithdrawal', { assetId: bob.asset.id, id, amount: 10n, ...held }, sending)
    const held = { timeoutSeconds: 60n }

    it('stands while it is open, however often it is asked for', async () => {
      const id = randomUUID()
      const before = await admins.node.admin.assetLiquidity(bob.asset.id)
      for (const process of [0, 1, 0]) expect(await fromAsset(id, { process })).toEqual(success)
      expect(await admins.node.admin.assetLiquidity(bob.asset.id)).toBe(before - 10n)
      await voidIt(id)
    })

    it('is refused with how it ended', async () => {
      const [voided, posted, late] = [randomUUID(), randomUUID(), randomUUID()]
      await fromAsset(voided)
      await voidIt(voided)
      expect((await refusalOf(fromAsset(voided))).message).toContain('voided')
      await fromAsset(posted)
      await postIt(posted)
      expect((await refusalOf(fromAsset(posted, { process: 1 }))).message).toContain('posted')
      const before = await admins.node.admin.assetLiquidity(bob.asset.id)
      const short = { assetId: bob.asset.id, id: late, amount: 10n, timeoutSeconds: 1n }
      await admins.change('createAssetLiquidityWithdrawal', short)
      await waitFor('its time is over', async () => {
        return (await admins.node.admin.assetLiquidity(bob.asset.id)) === before
      })
      const refused = await refusalOf(admins.change('createAssetLiquidityWithdrawal', short))
      expect(refused.message).toContain('timeout has passed')
      expect(await admins.node.admin.assetLiquidity(bob.asset.id)).toBe(before)
    })

    it('may be in one phase, and is then repeated alike', async () => {
      const before = await admins.node.admin.assetLiquidity(bob.asset.id)
      const atOnce = { assetId: bob.asset.id, id: randomUUID(), amount: 10n, timeoutSeconds: 0n }
      for (const process of [0, 1]) {
        expect(await admins.change('createAssetLiquidityWithdrawal', atOnce, { process })).toEqual(success)
      }
      expect(await admins.node.admin.assetLiquidity(bob.asset.id)).toBe(before - 10n)
      for (const end of [postIt, voidIt]) {
        const refused = await refusalOf(end(atOnce.id))
        expect(refused).toMatchObject({ codes: ['CONFLICT'], message: expect.stringContaining('posted') })
      }
    })
  })

  it('leave books that agree', async () => {
    expect((await admins.node.audit()).findings).toEqual([])
  })
})

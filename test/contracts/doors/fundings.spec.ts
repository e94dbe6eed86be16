import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AdminError, refusalOf } from '../../harness/admin-client.js'
import { amount, type Customer, ended, openAsset, openCustomer } from '../../harness/network.js'
import { describeOnEachLedger, type LedgerChoice } from '../ledger/each-ledger.js'
import { type Sending, TwoAdminProcesses } from './two-admin-processes.js'

const CALLS = 64
const success = { success: true }

describeOnEachLedger('fundings of one payment', (openLedger) => {
  let ledger: LedgerChoice
  let admins: TwoAdminProcesses
  let alice: Customer
  let andy: Customer

  beforeAll(async () => {
    ledger = await openLedger()
    admins = await TwoAdminProcesses.open({ name: 'fundings', env: ledger.env })
    admins.node.operator.funding = 'never'
    const usd = await openAsset(admins.node, 'USD', 2)
    alice = await openCustomer(admins.node, 'alice', usd)
    andy = await openCustomer(admins.node, 'andy', usd)
  })
  afterAll(async () => {
    await admins?.stop()
    await ledger?.close()
  })

  async function order(): Promise<string> {
    const { admin } = admins.node
    const { id: receiver } = await admin.createReceiver(andy.url)
    const { walletAddressId, asset } = alice
    const quote = await admin.createQuote({ walletAddressId, receiver, debitAmount: amount(100n, asset) })
    return (await admin.createOutgoingPayment(walletAddressId, quote.id)).id
  }

  const fund = (outgoingPaymentId: string, sending?: Sending) =>
    admins.change('depositOutgoingPaymentLiquidity', { outgoingPaymentId }, sending)

  const fundByEvent = (eventId: string, sending?: Sending) =>
    admins.change('depositEventLiquidity', { eventId }, sending)

  async function expectPaidOnce(id: string): Promise<void> {
    expect(await ended(admins.node, id)).toMatchObject({ state: 'COMPLETED', sentAmount: { value: 100n } })
    const steps = (await admins.node.admin.timeline(id)).map(({ step }) => step)
    expect(steps.filter((step) => step === 'funded')).toHaveLength(1)
    expect((await admins.node.audit()).findings).toEqual([])
  }

  it('with keys of their own: one succeeds, the others are told that it was another, and when', async () => {
    const id = await order()
    const calls = Array.from({ length: CALLS }, (_, number) => fund(id, { process: number }))
    const answers = await Promise.allSettled(calls)
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const answer of answers) {
      if (answer.status === 'fulfilled') continue
      const { reason } = answer
      if (!(reason instanceof AdminError)) throw reason
      expect(reason.codes).toEqual(['CONFLICT'])
      expect(reason.message).toMatch(/was funded by another call at \d{4}-\d\d-\d\dT/)
    }
    await expectPaidOnce(id)
    expect((await refusalOf(fund(id))).message).toContain('was funded by another call')
  })

  it('with one key: all succeed, also where the answer was lost and the payment has gone on', async () => {
    const id = await order()
    const key = randomUUID()
    const calls = Array.from({ length: 8 }, (_, number) => fund(id, { key, process: number }))
    expect(await Promise.all(calls)).toEqual(calls.map(() => success))
    await admins.forgetAnswer(key)
    expect(await fund(id, { key, process: 1 })).toEqual(success)
    await expectPaidOnce(id)
    await admins.forgetAnswer(key)
    expect(await fund(id, { key })).toEqual(success)
    await admins.forgetAnswer(key)
    const other = await order()
    expect(await fund(other, { key })).toEqual(success)
    await expectPaidOnce(other)
    const { id: eventId } = await admins.node.operator.event('outgoing_payment.created', id)
    expect((await refusalOf(fundByEvent(eventId))).codes).toEqual(['CONFLICT'])
  })

  it('of a cancelled payment are told so, whoever paid before', async () => {
    const id = await order()
    const mutation =
      'mutation ($input: CancelOutgoingPaymentInput!) { cancelOutgoingPayment(input: $input) { payment { id } } }'
    await admins.node.admin.client.post({ query: mutation, variables: { input: { id } } })
    const refused = await refusalOf(fund(id))
    expect(refused).toMatchObject({ codes: ['CONFLICT'], message: expect.stringContaining('CANCELLED') })
  })
})

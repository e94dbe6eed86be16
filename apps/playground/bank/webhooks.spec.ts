import { ManualClock } from '@kivuko/platform'
import { beforeEach, describe, expect, it } from 'vitest'
import { Diary } from './activity.js'
import { type Customer, Customers } from './customers.js'
import { type PaymentActs, WebhookDesk } from './webhooks.js'

const PAYMENT = '00000000-0000-4000-8000-00000000000a'

let alice: Customer
let acts: string[]
let failing: boolean
let desk: WebhookDesk
let diary: Diary

beforeEach(() => {
  alice = {
    name: 'alice',
    assetCode: 'USD',
    assetScale: 2,
    walletAddress: 'http://alpha.test/alice',
    walletAddressId: 'wallet',
    balance: 15_000n,
    held: 0n,
  }
  const customers = new Customers()
  customers.add(alice)
  acts = []
  failing = false
  const act = (name: string) => async (id: string, second: string) => {
    acts.push(`${name} ${id} ${second}`)
    if (failing) throw new Error('the node is down')
  }
  const payments: PaymentActs = {
    fund: act('fund'),
    cancel: act('cancel'),
    withdrawOutgoing: act('withdrawOutgoing'),
    withdrawIncoming: act('withdrawIncoming'),
  }
  diary = new Diary(new ManualClock(0))
  desk = new WebhookDesk(customers, payments, diary)
})

const amount = (value: bigint) => ({ value: value.toString(), assetCode: 'USD', assetScale: 2 })

function outgoing(id: string, type: string, more: Record<string, unknown> = {}) {
  const data = { id: PAYMENT, walletAddressId: 'wallet', debitAmount: amount(10_000n), sentAmount: amount(0n), ...more }
  return { id, type: `outgoing_payment.${type}`, data }
}

describe('the webhook desk of a bank', () => {
  it('sets the money of a new payment aside and funds it, under the key of the event', async () => {
    await desk.receive(outgoing('e1', 'created'))
    expect(acts).toEqual([`fund ${PAYMENT} e1`])
    expect(alice).toMatchObject({ balance: 15_000n, held: 10_000n })
  })

  it('acts once on an event that comes twice, also at the same time', async () => {
    await Promise.all([desk.receive(outgoing('e1', 'created')), desk.receive(outgoing('e1', 'created'))])
    await desk.receive(outgoing('e1', 'created'))
    expect(acts).toHaveLength(1)
    expect(alice.held).toBe(10_000n)
  })

  it('funds again when funding failed, but sets the money aside once', async () => {
    failing = true
    await expect(desk.receive(outgoing('e1', 'created'))).rejects.toThrow('the node is down')
    failing = false
    await desk.receive(outgoing('e1', 'created'))
    expect(acts).toHaveLength(2)
    expect(alice.held).toBe(10_000n)
  })

  it('cancels a payment its customer cannot afford, counting what is set aside already', async () => {
    await desk.receive(outgoing('e1', 'created'))
    await desk.receive(outgoing('e2', 'created', { id: 'second' }))
    expect(acts).toEqual([`fund ${PAYMENT} e1`, 'cancel second alice has not enough money'])
    expect(alice).toMatchObject({ balance: 15_000n, held: 10_000n })
  })

  it('debits what was sent and takes back what was not', async () => {
    await desk.receive(outgoing('e1', 'created'))
    await desk.receive(outgoing('e2', 'completed', { sentAmount: amount(9_900n), balance: '100' }))
    expect(acts).toEqual([`fund ${PAYMENT} e1`, `withdrawOutgoing ${PAYMENT} e2`])
    expect(alice).toMatchObject({ balance: 5_100n, held: 0n })
  })

  it('gives everything back when a payment failed before anything was sent', async () => {
    await desk.receive(outgoing('e1', 'created'))
    await desk.receive(outgoing('e2', 'failed', { balance: '10000', error: 'QuoteExpired' }))
    expect(alice).toMatchObject({ balance: 15_000n, held: 0n })
    expect(diary.entries.at(-1)?.what).toContain('QuoteExpired')
  })

  it('credits what arrived, after taking it out of the node', async () => {
    const data = { id: PAYMENT, walletAddressId: 'wallet', receivedAmount: amount(2_500n) }
    await desk.receive({ id: 'e1', type: 'incoming_payment.completed', data })
    await desk.receive({ id: 'e1', type: 'incoming_payment.completed', data })
    expect(acts).toEqual([`withdrawIncoming ${PAYMENT} e1`])
    expect(alice.balance).toBe(17_500n)
  })

  it('takes note of events it does not act on', async () => {
    await desk.receive({ id: 'e1', type: 'peer.liquidity_low', data: {} })
    expect(acts).toEqual([])
    expect(diary.entries.map(({ what }) => what)).toEqual(['hears peer.liquidity_low, which needs no act'])
  })

  it('refuses what is no event', async () => {
    expect(() => desk.receive({ hello: 'world' })).toThrow()
  })
})

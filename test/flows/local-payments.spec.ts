import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { TestNetwork } from '../harness/network.js'

let network: TestNetwork

beforeAll(async () => {
  network = await TestNetwork.start()
})
afterEach(() => network.expectConserved())
afterAll(() => network.stop())

describe('a payment on one node', () => {
  it('moves the whole amount between two customers of one currency', async () => {
    const { receiver, quote, payment } = await network.pay(network.aliceUsd, network.andyUsd, { debit: 2_500n })
    expect(quote.receiveAmount).toEqual({ value: 2_500n, assetCode: 'USD', assetScale: 2 })
    expect(payment).toMatchObject({ state: 'COMPLETED', sentAmount: { value: 2_500n } })
    const id = receiver.id.split('/').at(-1) ?? ''
    expect((await network.a.admin.incomingPayment(id)).receivedAmount.value).toBe(2_500n)
  })

  it('is exchanged at the exact rate, rounded down, when the currencies differ', async () => {
    const { receiver, quote, payment } = await network.pay(network.bobEur, network.brendaUsd, { debit: 1_005n })
    // 10.05 EUR × 1.1 = 11.055 USD.
    expect(quote.receiveAmount).toEqual({ value: 1_105n, assetCode: 'USD', assetScale: 2 })
    expect(payment).toMatchObject({ state: 'COMPLETED', sentAmount: { value: 1_005n } })
    const id = receiver.id.split('/').at(-1) ?? ''
    expect((await network.b.admin.incomingPayment(id)).receivedAmount.value).toBe(1_105n)
  })

  it('debits what a fixed receipt costs, rounded up', async () => {
    const { quote, payment } = await network.pay(network.bobEur, network.brendaUsd, { asked: 1_000n })
    // 10.00 USD ÷ 1.1 = 9.0909… EUR.
    expect(quote.debitAmount).toEqual({ value: 910n, assetCode: 'EUR', assetScale: 2 })
    expect(payment.state).toBe('COMPLETED')
  })

  it('leaves the fee with the operator', async () => {
    await network.b.admin.setFee(network.brendaUsd.asset.id, 10n, 100)
    const { quote, payment } = await network.pay(network.brendaUsd, network.bobEur, { debit: 2_510n })
    // 0.10 USD and 1 % of 25.10 USD, rounded up, are 0.36 USD; 24.74 USD × 0.91 = 22.5134 EUR.
    expect(quote.receiveAmount).toEqual({ value: 2_251n, assetCode: 'EUR', assetScale: 2 })
    expect(payment).toMatchObject({ state: 'COMPLETED', debitAmount: { value: 2_510n }, sentAmount: { value: 2_474n } })
    const told = await network.b.operator.event('outgoing_payment.completed', payment.id)
    expect(told.data).toMatchObject({ balance: '36' })
  })

  it('sends no packet to a peer', async () => {
    const before = await network.a.admin.peerLiquidity(network.peerIds.bAtA)
    await network.pay(network.aliceUsd, network.andyUsd, { debit: 100n })
    expect(await network.a.admin.peerLiquidity(network.peerIds.bAtA)).toBe(before)
  })
})

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Customer, type Order, openAsset, openCustomer, PEER_LIQUIDITY, TestNetwork } from '../harness/network.js'

describe('too little liquidity', () => {
  let network: TestNetwork

  beforeAll(async () => {
    network = await TestNetwork.start({ a: { env: { MAX_OUTGOING_PAYMENT_RETRY_ATTEMPTS: '0' } } })
  })
  afterEach(() => network.expectConserved())
  afterAll(() => network.stop())

  it('of the currency to pay out: the payment fails, nothing has moved, and the operator is told', async () => {
    const { b } = network
    await expectFailed(await openCustomer(b, 'rosa', await openAsset(b, 'MXN', 2, 50n)), { debit: 1_000n })
  })

  it('of the sending peer: what it prepaid is not overdrawn', async () => {
    await expectFailed(network.brendaUsd, { receive: PEER_LIQUIDITY + 1n })
  })

  async function expectFailed(to: Customer, order: Order): Promise<void> {
    const before = await network.a.admin.peerLiquidity(network.peerIds.bAtA)
    const { payment } = await network.pay(network.aliceUsd, to, order)
    expect(payment).toMatchObject({ state: 'FAILED', sentAmount: { value: 0n } })
    expect(payment.error).not.toBeNull()
    expect(await network.a.admin.peerLiquidity(network.peerIds.bAtA)).toBe(before)
    const told = await network.a.operator.event('outgoing_payment.failed', payment.id)
    expect(told.data).toMatchObject({ state: 'FAILED', balance: payment.debitAmount.value.toString() })
  }
})

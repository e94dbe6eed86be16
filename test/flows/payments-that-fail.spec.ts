import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { AdminError } from '../harness/admin-client.js'
import {
  amount,
  type Customer,
  ended,
  type Order,
  openAsset,
  openCustomer,
  PEER_LIQUIDITY,
  TestNetwork,
} from '../harness/network.js'
import { startNode, type TestNode } from '../harness/node.js'
import { StreamBank } from '../harness/stream-bank.js'
import { waitFor } from '../harness/wait-for.js'

async function refusal(attempt: Promise<unknown>): Promise<AdminError> {
  const error: unknown = await attempt.then(
    () => new Error('nothing was refused'),
    (reason: unknown) => reason,
  )
  if (error instanceof AdminError) return error
  throw error
}

describe('an unknown receiver', () => {
  let network: TestNetwork

  beforeAll(async () => {
    network = await TestNetwork.start()
  })
  afterEach(() => network.expectConserved())
  afterAll(() => network.stop())

  it.each([
    ['on the own node', () => `${network.a.openPaymentsUrl}/nobody`],
    ['on another node', () => `${network.b.openPaymentsUrl}/nobody`],
    ['where no bank answers', () => 'http://127.0.0.1:1/nobody'],
  ])('%s: no receiver is made', async (_where, url) => {
    const { codes, message } = await refusal(network.a.admin.createReceiver(url()))
    expect(codes).not.toContain('INTERNAL_SERVER_ERROR')
    expect(message).toContain('nobody')
  })

  it.each([
    ['on the own node', () => network.a.openPaymentsUrl],
    ['on another node', () => network.b.openPaymentsUrl],
  ])('%s: no quote is made for its incoming payment', async (_where, url) => {
    const receiver = `${url()}/incoming-payments/00000000-0000-4000-8000-000000000000`
    const { walletAddressId, asset } = network.aliceUsd
    const { codes } = await refusal(
      network.a.admin.createQuote({ walletAddressId, receiver, debitAmount: amount(100n, asset) }),
    )
    expect(codes).not.toContain('INTERNAL_SERVER_ERROR')
  })
})

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
    await expectFailed(network.brendaUsd, { debit: PEER_LIQUIDITY + 1n })
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

describe('a peer that is down', () => {
  let node: TestNode
  let alice: Customer
  let bank: StreamBank

  beforeAll(async () => {
    node = await startNode({ name: 'a', env: { MAX_OUTGOING_PAYMENT_RETRY_ATTEMPTS: '1' } })
    alice = await openCustomer(node, 'alice', await openAsset(node, 'USD', 2))
    bank = await StreamBank.start({ ilpAddress: 'test.bank', asset: alice.asset, token: 'bank', probeAnswer: 'F05' })
    const peerId = await node.admin.createPeer({
      assetId: alice.asset.id,
      staticIlpAddress: 'test.bank',
      name: 'bank',
      endpoint: `${bank.url}/ilp`,
      outgoingToken: 'bank',
      incomingToken: 'bank-to-us',
    })
    await node.admin.depositPeerLiquidity(peerId, PEER_LIQUIDITY)
  })
  afterEach(async () => {
    bank.reachable = true
    expect((await node.audit()).findings).toEqual([])
  })
  afterAll(async () => {
    await bank.close()
    await node.stop()
  })

  it('makes a quote impossible, with a reason', async () => {
    bank.reachable = false
    const receiver = bank.openIncomingPayment(1_000n)
    const { codes, message } = await refusal(
      node.admin.createQuote({ walletAddressId: alice.walletAddressId, receiver }),
    )
    expect(codes).not.toContain('INTERNAL_SERVER_ERROR')
    expect(message).not.toBe('')
  })

  it('between quote and payment: it is tried again, fails with a reason, and keeps the money', async () => {
    const receiver = bank.openIncomingPayment(1_000n)
    const quote = await node.admin.createQuote({ walletAddressId: alice.walletAddressId, receiver })
    bank.reachable = false
    const { id } = await node.admin.createOutgoingPayment(alice.walletAddressId, quote.id)
    const payment = await ended(node, id, 50_000)
    expect(payment).toMatchObject({ state: 'FAILED', stateAttempts: 1, sentAmount: { value: 0n } })
    expect(payment.error).not.toBeNull()
    expect(bank.received(receiver)).toBe(0n)
    await node.operator.event('outgoing_payment.failed', id)
  })

  it('and comes back: the payment is tried again and completes', async () => {
    const receiver = bank.openIncomingPayment(1_000n)
    const quote = await node.admin.createQuote({ walletAddressId: alice.walletAddressId, receiver })
    bank.reachable = false
    const { id } = await node.admin.createOutgoingPayment(alice.walletAddressId, quote.id)
    await waitFor('the bank is called', () => bank.refusedConnections > 0)
    await waitFor('the first attempt has failed', async () => (await node.admin.outgoingPayment(id)).stateAttempts > 0)
    bank.reachable = true
    expect(await ended(node, id, 50_000)).toMatchObject({ state: 'COMPLETED' })
    expect(bank.received(receiver)).toBe(1_000n)
  })
})

import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { refusalOf } from '../harness/admin-client.js'
import { startWithBank } from '../harness/bank-peer.js'
import { ended } from '../harness/network.js'
import { waitFor } from '../harness/wait-for.js'

const { node, alice, bank, close } = await startWithBank({
  name: 'a',
  env: { MAX_OUTGOING_PAYMENT_RETRY_ATTEMPTS: '1' },
})

describe('a peer that is down', () => {
  afterEach(async () => {
    await bank.comeBack()
    expect((await node.audit()).findings).toEqual([])
  })
  afterAll(close)

  it('makes a quote impossible, with a reason', async () => {
    await bank.goDown()
    const receiver = bank.openIncomingPayment(1_000n)
    const { codes, message } = await refusalOf(
      node.admin.createQuote({ walletAddressId: alice.walletAddressId, receiver }),
    )
    expect(codes).not.toContain('INTERNAL_SERVER_ERROR')
    expect(message).toContain('peer unreachable')
  })

  it('between quote and payment: it is tried again, fails with a reason, and keeps the money', async () => {
    const receiver = bank.openIncomingPayment(1_000n)
    const quote = await node.admin.createQuote({ walletAddressId: alice.walletAddressId, receiver })
    await bank.goDown()
    const { id } = await node.admin.createOutgoingPayment(alice.walletAddressId, quote.id)
    const payment = await ended(node, id, 50_000)
    expect(payment).toMatchObject({ state: 'FAILED', sentAmount: { value: 0n } })
    expect(payment.stateAttempts).toBeGreaterThanOrEqual(1)
    expect(payment.error).not.toBeNull()
    expect(bank.received(receiver)).toBe(0n)
    const told = await node.operator.event('outgoing_payment.failed', id)
    expect(told.data).toMatchObject({ balance: quote.debitAmount.value.toString() })
  })

  it('and comes back: the payment is tried again and completes', async () => {
    const receiver = bank.openIncomingPayment(1_000n)
    const quote = await node.admin.createQuote({ walletAddressId: alice.walletAddressId, receiver })
    await bank.goDown()
    const { id } = await node.admin.createOutgoingPayment(alice.walletAddressId, quote.id)
    const attempts = async () => (await node.admin.outgoingPayment(id)).stateAttempts
    await waitFor('the first attempt has failed', async () => (await attempts()) > 0, { deadlineMs: 30_000 })
    await bank.comeBack()
    expect(await ended(node, id, 50_000)).toMatchObject({ state: 'COMPLETED' })
    expect(bank.received(receiver)).toBe(1_000n)
  })
})

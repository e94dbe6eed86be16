import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { OutgoingPayment } from '../harness/admin.js'
import { startWithBank } from '../harness/bank-peer.js'
import { ended } from '../harness/network.js'
import { waitFor } from '../harness/wait-for.js'

/** A packet of a payment lives 20 seconds; what became of it must be known soon after. */
const DEADLINE_MS = 55_000

const { node, alice, bank, close } = await startWithBank({
  name: 'a',
  env: { MAX_OUTGOING_PAYMENT_RETRY_ATTEMPTS: '0' },
})
afterEach(async () => {
  bank.losing = 'nothing'
  bank.connectionsCut = 0
  expect((await node.audit()).findings).toEqual([])
})
afterAll(close)

/** Quotes, then lets the bank lose something, then pays; `meanwhile` acts when packets are being lost. */
async function payLosing(
  lost: 'packets' | 'answers',
  meanwhile: () => void = () => undefined,
): Promise<{ payment: OutgoingPayment; received: bigint }> {
  const receiver = bank.openIncomingPayment(1_000n)
  const quote = await node.admin.createQuote({ walletAddressId: alice.walletAddressId, receiver })
  bank.losing = lost
  const { id } = await node.admin.createOutgoingPayment(alice.walletAddressId, quote.id)
  await waitFor('connections are being cut', () => bank.connectionsCut >= 2)
  meanwhile()
  return { payment: await ended(node, id, DEADLINE_MS), received: bank.received(receiver) }
}

const recover = () => {
  bank.losing = 'nothing'
}

describe('when packets are lost on the way', () => {
  it('for a while, the same packets go out again and the payment completes', async () => {
    const { payment, received } = await payLosing('packets', recover)
    expect(payment).toMatchObject({ state: 'COMPLETED', error: null })
    expect(received).toBe(1_000n)
  })

  it('for good, the payment fails and none of its money is spent or held', async () => {
    const { payment, received } = await payLosing('packets')
    expect(payment).toMatchObject({ state: 'FAILED', sentAmount: { value: 0n } })
    expect(received).toBe(0n)
    const told = await node.operator.event('outgoing_payment.failed', payment.id)
    expect(told.data).toMatchObject({ balance: payment.debitAmount.value.toString() })
  })
})

describe('when answers are lost on the way back', () => {
  it('for a while, the receiver is credited once and the payment completes', async () => {
    const { payment, received } = await payLosing('answers', recover)
    expect(payment).toMatchObject({ state: 'COMPLETED', error: null, sentAmount: { value: 1_000n } })
    expect(received).toBe(1_000n)
  })

  it('for good, what the receiver has is charged, by what the receiver says', async () => {
    const { payment, received } = await payLosing('answers')
    expect(received).toBe(1_000n)
    expect(payment).toMatchObject({ sentAmount: { value: 1_000n } })
  })
})

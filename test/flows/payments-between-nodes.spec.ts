import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { TimelineStep } from '../harness/admin.js'
import { type Customer, TestNetwork } from '../harness/network.js'
import { waitFor } from '../harness/wait-for.js'

let network: TestNetwork

beforeAll(async () => {
  network = await TestNetwork.start()
})
afterEach(() => network.expectConserved())
afterAll(() => network.stop())

/** The incoming payment as the receiving bank sees it, once it has all that was sent. */
async function arrived(to: Customer, receiverUrl: string, atLeast: bigint): Promise<bigint> {
  const id = receiverUrl.split('/').at(-1) ?? ''
  const ask = async () => {
    const { receivedAmount } = await to.node.admin.incomingPayment(id)
    return receivedAmount.value >= atLeast ? receivedAmount.value : undefined
  }
  return waitFor(`${atLeast} arrive at ${to.url}`, ask)
}

describe('a payment over two nodes', () => {
  it('of a fixed debit goes from USD to EUR', async () => {
    const { receiver, quote, payment } = await network.pay(network.aliceUsd, network.bobEur, { debit: 10_000n })
    expect(quote.debitAmount).toEqual({ value: 10_000n, assetCode: 'USD', assetScale: 2 })
    // 10,000 × 0.91, less 1 % slippage.
    expect(quote.receiveAmount).toEqual({ value: 9_009n, assetCode: 'EUR', assetScale: 2 })
    expect(payment).toMatchObject({ state: 'COMPLETED', error: null })
    expect(await arrived(network.bobEur, receiver.id, quote.receiveAmount.value)).toBeLessThanOrEqual(9_100n)
  })

  it('of a fixed debit goes from EUR to USD', async () => {
    const { receiver, quote, payment } = await network.pay(network.bobEur, network.aliceUsd, { debit: 10_000n })
    expect(quote.debitAmount.value).toBe(10_000n)
    // 10,000 × 1.1, less 1 % slippage.
    expect(quote.receiveAmount).toEqual({ value: 10_890n, assetCode: 'USD', assetScale: 2 })
    expect(payment).toMatchObject({ state: 'COMPLETED', error: null })
    expect(await arrived(network.aliceUsd, receiver.id, quote.receiveAmount.value)).toBeLessThanOrEqual(11_000n)
  })

  it('of a fixed receipt goes from USD to EUR', async () => {
    const { receiver, quote, payment } = await network.pay(network.aliceUsd, network.bobEur, { asked: 9_100n })
    expect(quote.receiveAmount.value).toBe(9_100n)
    // 9,100 ÷ (0.91 × 0.99) = 10,101.01…, rounded up.
    expect(quote.debitAmount).toEqual({ value: 10_102n, assetCode: 'USD', assetScale: 2 })
    expect(payment).toMatchObject({ state: 'COMPLETED', error: null })
    expect(await arrived(network.bobEur, receiver.id, 9_100n)).toBe(9_100n)
    const done = await network.b.operator.event('incoming_payment.completed', receiver.id.split('/').at(-1) ?? '')
    expect(done.data).toMatchObject({
      completed: true,
      receivedAmount: { value: '9100', assetCode: 'EUR', assetScale: 2 },
    })
  })

  it('of a fixed receipt goes from EUR to USD', async () => {
    const { receiver, quote, payment } = await network.pay(network.bobEur, network.aliceUsd, { receive: 11_000n })
    expect(quote.receiveAmount.value).toBe(11_000n)
    // 11,000 ÷ (1.1 × 0.99) = 10,101.01…, rounded up.
    expect(quote.debitAmount.value).toBe(10_102n)
    expect(payment).toMatchObject({ state: 'COMPLETED', error: null })
    expect(await arrived(network.aliceUsd, receiver.id, 11_000n)).toBeGreaterThanOrEqual(11_000n)
  })

  it('goes from yen, which have no minor unit, to USD', async () => {
    const { receiver, quote, payment } = await network.pay(network.junJpy, network.aliceUsd, { debit: 10_000n })
    expect(quote.debitAmount).toEqual({ value: 10_000n, assetCode: 'JPY', assetScale: 0 })
    // 1 JPY = 0.0065 USD = 0.65 cents; 6,500, less 1 % slippage.
    expect(quote.receiveAmount).toEqual({ value: 6_435n, assetCode: 'USD', assetScale: 2 })
    expect(payment).toMatchObject({ state: 'COMPLETED', error: null })
    expect(await arrived(network.aliceUsd, receiver.id, quote.receiveAmount.value)).toBeLessThanOrEqual(6_500n)
  })

  it('tells the sending operator when it is created and when it has completed', async () => {
    const { payment } = await network.pay(network.aliceUsd, network.brendaUsd, { receive: 500n })
    const { operator } = network.a
    expect((await operator.event('outgoing_payment.created', payment.id)).data).toMatchObject({ state: 'FUNDING' })
    expect((await operator.event('outgoing_payment.completed', payment.id)).data).toMatchObject({ state: 'COMPLETED' })
    expect(operator.refused, 'webhooks with a wrong signature').toEqual([])
  })

  it('has a timeline, from its quote to the last webhook', async () => {
    const { payment } = await network.pay(network.aliceUsd, network.brendaUsd, { receive: 500n })
    await network.a.operator.event('outgoing_payment.completed', payment.id)
    const told = (steps: TimelineStep[]) => steps.filter(({ step }) => step === 'webhook delivered')
    const ask = async () => {
      const steps = await network.a.admin.timeline(payment.id)
      return told(steps).length === 2 && steps
    }
    const steps = await waitFor('both webhooks are in the timeline', ask)
    expect(told(steps).map(({ detail }) => detail)).toEqual([
      'outgoing_payment.created, attempt 1',
      'outgoing_payment.completed, attempt 1',
    ])
    const own = steps.map(({ step }) => step).filter((step) => step !== 'webhook delivered')
    expect(own).toEqual(['quoted', 'created', 'funded', 'sending', 'completed'])
    const times = steps.map(({ at }) => at)
    expect(times).toEqual([...times].sort())
  })

  it('waits for its operator and is paid once it is funded', async () => {
    network.a.operator.funding = 'never'
    const { payment } = await network.order(network.aliceUsd, network.brendaUsd, { receive: 500n })
    await network.a.operator.event('outgoing_payment.created', payment.id)
    expect((await network.a.admin.outgoingPayment(payment.id)).state).toBe('FUNDING')
    network.a.operator.funding = 'at once'
    await network.a.admin.fundOutgoingPayment(payment.id)
    await network.a.operator.event('outgoing_payment.completed', payment.id)
  })
})

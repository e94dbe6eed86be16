import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePorts } from '../harness/listen.js'
import { type Customer, openAsset, openCustomer, TestNetwork } from '../harness/network.js'

let network: TestNetwork
let metricsUrl: string
let receivers: Record<string, Customer>

beforeAll(async () => {
  const [port = 0] = await freePorts(1)
  metricsUrl = `http://127.0.0.1:${port}/metrics`
  network = await TestNetwork.start({ b: { env: { MONITORING_PORT: `${port}` } } })
  const maria = await openCustomer(network.b, 'maria', await openAsset(network.b, 'MXN', 2))
  receivers = { EUR: network.bobEur, USD: network.brendaUsd, JPY: network.junJpy, MXN: maria }
})
afterAll(() => network.stop())

// One US cent is 0.91 euro cents, 1.5 yen and 18.5 centavos: most of these amounts lie between two of the sender's units.
const asked = {
  EUR: [1n, 101n, 9_099n],
  USD: [1n, 5_000n],
  JPY: [1n, 1_001n, 20_000n],
  MXN: [1n, 19n, 10_005n, 37_001n],
}

describe('a payment of exactly what is asked for', () => {
  it.each(Object.entries(asked))('in %s completes, and never credits more', async (code, amounts) => {
    const to = receivers[code]
    if (to === undefined) throw new Error(`nobody receives ${code}`)
    const pay = async (amount: bigint) => {
      const { receiver, payment } = await network.pay(network.aliceUsd, to, { asked: amount })
      expect([code, amount, payment]).toMatchObject([code, amount, { state: 'COMPLETED', error: null }])
      const id = receiver.id.split('/').at(-1) ?? ''
      const done = await to.node.operator.event('incoming_payment.completed', id)
      expect(done.data).toMatchObject({ completed: true, receivedAmount: { value: amount.toString() } })
      expect((await to.node.admin.incomingPayment(id)).receivedAmount.value).toBe(amount)
    }
    await Promise.all(amounts.map(pay))
    await network.expectConserved()
  })

  it('is heard of where it brought more: the rest is counted and stays in the asset', async () => {
    const metrics = await (await fetch(metricsUrl)).text()
    const [, kept = ''] = /kept_surplus_value\{asset="MXN",scale="2"[^}]*\} (\d+)/.exec(metrics) ?? []
    // Each of the four payments rounds up to a cent, or two where its sender was not sure of the rate.
    expect(BigInt(kept)).toBeGreaterThan(0n)
    expect(BigInt(kept)).toBeLessThan(4n * 2n * 19n)
  })
})

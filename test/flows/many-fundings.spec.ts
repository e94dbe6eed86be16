import { afterAll, beforeAll, expect, it } from 'vitest'
import { amount, type Customer, ended, openAsset, openCustomer } from '../harness/network.js'
import { startNode, type TestNode } from '../harness/node.js'
import { timed } from '../harness/tries.js'

const CALLS = 64
// A machine on which one call alone takes longer is busy with other things: there all together take less than one by one.
const ALONE_MS = 15

let node: TestNode
let alice: Customer
let andy: Customer

// Far fewer connections than calls: none of them may keep one while it waits for another.
beforeAll(async () => {
  node = await startNode({ name: 'fundings', env: { DATABASE_POOL_SIZE: '4' } })
  node.operator.funding = 'never'
  const usd = await openAsset(node, 'USD', 2)
  alice = await openCustomer(node, 'alice', usd)
  andy = await openCustomer(node, 'andy', usd)
})
afterAll(() => node.stop())

async function order(): Promise<string> {
  const { id: receiver } = await node.admin.createReceiver(andy.url)
  const debitAmount = amount(100n, alice.asset)
  const quote = await node.admin.createQuote({ walletAddressId: alice.walletAddressId, receiver, debitAmount })
  return (await node.admin.createOutgoingPayment(alice.walletAddressId, quote.id)).id
}

async function tookMs(act: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await act()
  return performance.now() - startedMs
}

it('answers 64 funding calls at once within a second, and every payment is made once', timed, async () => {
  const alone = [await order(), await order(), await order()]
  const [callsMs, paymentsMs]: [number[], number[]] = [[], []]
  for (const id of alone) {
    paymentsMs.push(
      await tookMs(async () => {
        callsMs.push(await tookMs(() => node.admin.fundOutgoingPayment(id)))
        await ended(node, id)
      }),
    )
  }
  const ids: string[] = []
  for (let number = 0; number < CALLS; number += 1) ids.push(await order())
  const togetherMs = await tookMs(() => Promise.all(ids.map((id) => node.admin.fundOutgoingPayment(id))))
  const limitMs = Math.min(...callsMs) <= ALONE_MS ? 1_000 : Math.max(1_000, CALLS * Math.max(...paymentsMs))
  console.log(`${CALLS} fundings at once: ${togetherMs.toFixed(0)} ms, at most ${limitMs.toFixed(0)} ms`)
  expect(togetherMs).toBeLessThan(limitMs)
  for (const id of [...alone, ...ids]) {
    expect(await ended(node, id)).toMatchObject({ state: 'COMPLETED', sentAmount: { value: 100n } })
  }
  expect((await node.audit()).findings).toEqual([])
})

it('funds a payment once, whoever asks at the same time', async () => {
  const id = await order()
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => node.admin.fundOutgoingPayment(id)))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await ended(node, id)).toMatchObject({ state: 'COMPLETED', sentAmount: { value: 100n } })
  expect((await node.audit()).findings).toEqual([])
})

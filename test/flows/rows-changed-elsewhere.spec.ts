import { afterAll, beforeAll, expect, it } from 'vitest'
import { amount, type Customer, openAsset, openCustomer } from '../harness/network.js'
import { startNode, type TestNode } from '../harness/node.js'
import { waitFor } from '../harness/wait-for.js'

let node: TestNode
let alice: Customer
let andy: Customer

beforeAll(async () => {
  node = await startNode({ name: 'elsewhere' })
  const usd = await openAsset(node, 'USD', 2)
  alice = await openCustomer(node, 'alice', usd)
  andy = await openCustomer(node, 'andy', usd)
})
afterAll(() => node.stop())

function quote(receiver: string): Promise<unknown> {
  const debitAmount = amount(100n, alice.asset)
  return node.admin.createQuote({ walletAddressId: alice.walletAddressId, receiver, debitAmount })
}

// The test's own connection stands for another process of the node.
it('sees that another process has changed an incoming payment which it holds as it made it', async () => {
  const { id: receiver } = await node.admin.createReceiver(andy.url)
  await quote(receiver)
  const id = receiver.split('/').at(-1) ?? ''
  await node.database.query(`update incoming_payments set expires_at = now() where id = '${id}'`)
  const refused = () =>
    quote(receiver).then(
      () => undefined,
      (error: unknown) => String(error),
    )
  expect(await waitFor('the quote to be refused', refused)).toContain('expired')
})

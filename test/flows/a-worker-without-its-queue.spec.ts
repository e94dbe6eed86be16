import { afterAll, beforeAll, expect, it } from 'vitest'
import { amount, type Customer, ended, openAsset, openCustomer } from '../harness/network.js'
import { startNode, type TestNode } from '../harness/node.js'
import { waitFor } from '../harness/wait-for.js'

// BullMQ names the connection that a worker listens on after its queue.
const WORKERS = `from pg_stat_activity where datname = current_database()
  and application_name in ('outgoing-payments', 'incoming-payments', 'wallet-addresses', 'webhooks')`
const QUEUE_SESSIONS = `${WORKERS} or application_name = 'kivuko queue' and datname = current_database()`

let node: TestNode
let alice: Customer
let andy: Customer

beforeAll(async () => {
  node = await startNode({ name: 'lostqueue', env: { LOG_LEVEL: 'fatal' } })
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

async function count(what: string): Promise<number> {
  const [row] = await node.database.query(`select count(*)::int as sessions ${what}`)
  return Number(row?.sessions)
}

it('goes on with what is due, and listens again', { timeout: 150_000 }, async () => {
  await ended(node, await order())
  expect(await count(WORKERS)).toBe(4)
  for (let round = 0; round < 3; round += 1) {
    await node.database.query(`select pg_terminate_backend(pid) ${QUEUE_SESSIONS}`)
    const ids = [await order(), await order()]
    for (const id of ids) expect(await ended(node, id)).toMatchObject({ state: 'COMPLETED' })
  }
  await waitFor('its workers to listen again', async () => (await count(WORKERS)) === 4, { deadlineMs: 45_000 })
  expect((await node.audit()).findings).toEqual([])
})

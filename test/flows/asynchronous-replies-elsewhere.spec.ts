import { afterAll, beforeAll, expect, it } from 'vitest'
import { AsyncFront, peerAsynchronously } from '../harness/async-front.js'
import { type Customer, ended, openAsset, openCustomer } from '../harness/network.js'
import { startNode, type TestNode } from '../harness/node.js'
import { type NodeProcess, startNodeProcess } from '../harness/node-process.js'
import { StreamBank } from '../harness/stream-bank.js'

let node: TestNode
let connector: NodeProcess
let alice: Customer
let bank: StreamBank
let front: AsyncFront

beforeAll(async () => {
  node = await startNode({ name: 'a', ownProcess: true, env: { ROLES: 'open-payments,admin,worker' } })
  connector = await startNodeProcess({ ...node.env, ROLES: 'connector' })
  alice = await openCustomer(node, 'alice', await openAsset(node, 'USD', 2))
  bank = await StreamBank.start({ ilpAddress: 'test.bank', asset: alice.asset, token: 'bank', probeAnswer: 'F05' })
  front = new AsyncFront(bank)
  await front.start()
  await peerAsynchronously(node, alice.asset.id, front)
})
afterAll(async () => {
  await Promise.all([bank.close(), front.close(), connector.close()])
  await node.stop()
})

it('a payment completes whose packets a worker sends and whose replies a connector of another process takes', async () => {
  const receiver = bank.openIncomingPayment(1_000n)
  const quote = await node.admin.createQuote({ walletAddressId: alice.walletAddressId, receiver })
  const { id } = await node.admin.createOutgoingPayment(alice.walletAddressId, quote.id)
  expect(await ended(node, id)).toMatchObject({ state: 'COMPLETED', sentAmount: { value: 1_000n } })
  expect(bank.received(receiver)).toBe(1_000n)
  expect(new Set(front.callbackStatuses)).toEqual(new Set([200]))
  expect((await node.audit()).findings).toEqual([])
})

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { AsyncFront, peerAsynchronously } from '../harness/async-front.js'
import { type Customer, ended, openAsset, openCustomer } from '../harness/network.js'
import { startNode, type TestNode } from '../harness/node.js'
import { StreamBank } from '../harness/stream-bank.js'
import { waitFor } from '../harness/wait-for.js'

/** A dead worker's lease lasts half a minute, and a packet of unknown end 20 seconds. */
const DEADLINE_MS = 100_000

let node: TestNode
let alice: Customer
let bank: StreamBank
let front: AsyncFront

beforeAll(async () => {
  node = await startNode({ name: 'a', ownProcess: true })
  alice = await openCustomer(node, 'alice', await openAsset(node, 'USD', 2))
  bank = await StreamBank.start({ ilpAddress: 'test.bank', asset: alice.asset, token: 'bank', probeAnswer: 'F05' })
  front = new AsyncFront(bank)
  await front.start()
  await peerAsynchronously(node, alice.asset.id, front)
})
afterEach(async () => {
  expect((await node.audit()).findings).toEqual([])
})
afterAll(async () => {
  await Promise.all([bank.close(), front.close()])
  await node.stop()
})

describe('a payment over an asynchronous peer', () => {
  it('is quoted and completes, each reply taken once', async () => {
    const receiver = bank.openIncomingPayment(1_000n)
    const quote = await node.admin.createQuote({ walletAddressId: alice.walletAddressId, receiver })
    const { id } = await node.admin.createOutgoingPayment(alice.walletAddressId, quote.id)
    expect(await ended(node, id)).toMatchObject({ state: 'COMPLETED', sentAmount: { value: 1_000n } })
    expect(bank.received(receiver)).toBe(1_000n)
    expect(new Set(front.callbackStatuses)).toEqual(new Set([200]))
  })

  it('whose replies come after a restart is finished, and paid once: those replies are not taken', async () => {
    const receiver = bank.openIncomingPayment(1_000n)
    const quote = await node.admin.createQuote({ walletAddressId: alice.walletAddressId, receiver })
    front.isHolding = true
    const { id } = await node.admin.createOutgoingPayment(alice.walletAddressId, quote.id)
    await waitFor('a packet to be held', () => front.heldCount > 0)
    await node.kill()
    await node.startAgain()
    front.callbackStatuses.splice(0)
    await front.release()
    expect(new Set(front.callbackStatuses)).toEqual(new Set([503]))
    const payment = await ended(node, id, DEADLINE_MS)
    expect(payment).toMatchObject({ state: 'COMPLETED', sentAmount: { value: 1_000n } })
    expect(bank.received(receiver)).toBe(1_000n)
  }, 150_000)
})

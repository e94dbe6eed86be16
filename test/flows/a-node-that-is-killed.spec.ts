import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Customer, ended, openAsset, openCustomer, PEER_LIQUIDITY } from '../harness/network.js'
import { startNode, type TestNode } from '../harness/node.js'
import { StreamBank } from '../harness/stream-bank.js'
import { waitFor } from '../harness/wait-for.js'

/** A dead worker's lease lasts half a minute, and a packet of unknown end 20 seconds. */
const DEADLINE_MS = 100_000

let node: TestNode
let alice: Customer
let bank: StreamBank

beforeAll(async () => {
  node = await startNode({ name: 'a', ownProcess: true })
  alice = await openCustomer(node, 'alice', await openAsset(node, 'USD', 2))
  bank = await StreamBank.start({ ilpAddress: 'test.bank', asset: alice.asset, token: 'bank', probeAnswer: 'F05' })
  const peerId = await node.admin.createPeer({
    assetId: alice.asset.id,
    staticIlpAddress: 'test.bank',
    name: 'bank',
    endpoint: bank.endpoint,
    outgoingToken: 'bank',
    incomingToken: 'bank-to-us',
  })
  await node.admin.depositPeerLiquidity(peerId, PEER_LIQUIDITY)
})
afterAll(async () => {
  await bank.close()
  await node.stop()
})

describe('a node that is killed in the middle of a payment', () => {
  it.each(['packets', 'answers'] as const)(
    'finishes it after its next start, and pays once: %s were being lost',
    async (lost) => {
      const receiver = bank.openIncomingPayment(1_000n)
      const quote = await node.admin.createQuote({ walletAddressId: alice.walletAddressId, receiver })
      bank.losing = lost
      bank.connectionsCut = 0
      const { id } = await node.admin.createOutgoingPayment(alice.walletAddressId, quote.id)
      await waitFor('connections are being cut', () => bank.connectionsCut > 0)
      await node.kill()
      bank.losing = 'nothing'
      await node.startAgain()
      const payment = await ended(node, id, DEADLINE_MS)
      expect(payment).toMatchObject({ state: 'COMPLETED', sentAmount: { value: 1_000n } })
      expect(bank.received(receiver)).toBe(1_000n)
      expect((await node.audit()).findings).toEqual([])
    },
    120_000,
  )
})

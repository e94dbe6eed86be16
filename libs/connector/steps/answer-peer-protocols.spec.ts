import { decodeIldcpResponse, PEER_PROTOCOL_CONDITION, PEER_PROTOCOL_FULFILLMENT } from '@kivuko/ilp'
import { beforeEach, describe, expect, it } from 'vitest'
import { TestConnector } from '../testing/test-connector.js'

let node: TestConnector

beforeEach(async () => {
  node = await TestConnector.open()
})

const request = {
  destination: 'peer.config',
  amount: 0n,
  executionCondition: PEER_PROTOCOL_CONDITION,
  data: Buffer.alloc(0),
}

describe('peer.config', () => {
  it('tells a peer its address here and the asset of its account', async () => {
    const reply = await node.sendFrom(node.emma, request)
    expect(reply).toMatchObject({ type: 'fulfill', fulfillment: PEER_PROTOCOL_FULFILLMENT })
    expect(decodeIldcpResponse(reply.data)).toEqual({ clientAddress: 'test.emma', assetScale: 2, assetCode: 'EUR' })
  })

  it('tells a sender behind the plugin an address below ours', async () => {
    const payment = await node.openPayment()
    const { clientAddress } = decodeIldcpResponse((await node.sendFrom(payment, request)).data)
    expect(clientAddress).toBe(`test.kivuko.${payment.id}`)
  })

  it('is refused with F01 under another condition', async () => {
    expect(await node.sendFrom(node.alice, { ...request, executionCondition: Buffer.alloc(32) })).toMatchObject({
      code: 'F01',
      message: 'wrong condition for peer.config: expected the SHA-256 of 32 zero bytes',
    })
  })

  it('takes no money, which no ledger would know of', async () => {
    expect(await node.sendFrom(node.alice, { ...request, amount: 1n })).toMatchObject({ code: 'F03' })
  })
})

describe('other addresses under peer.', () => {
  it.each(['peer.settle', 'peer.route.update', 'peer.configs'])('are never forwarded: %s', async (destination) => {
    await node.addPeer({ ...node.bob, id: node.bob.id.replace(/^0/, '1'), routes: ['peer'] })
    expect(await node.sendFrom(node.alice, { ...request, destination })).toMatchObject({
      code: 'F01',
      message: `unknown peer protocol. destination=${destination}`,
    })
    expect(node.sent).toEqual([])
  })
})

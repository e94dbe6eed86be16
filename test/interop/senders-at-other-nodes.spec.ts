import { Counter, closeConnection, pay, startQuote } from '@interledger/pay'
import { isValidIlpAddress } from 'ilp-packet'
import { createConnection } from 'ilp-protocol-stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { amount, type Customer, openAsset, openCustomer, PEER_LIQUIDITY, type TestAsset } from '../harness/network.js'
import { startNode, type TestNode } from '../harness/node.js'
import { credentialsOf, type StreamCredentials } from '../harness/stream-sending.js'
import { waitFor } from '../harness/wait-for.js'
import { HttpPlugin } from './stream-plugin.js'

const TOKEN = 'between-the-two'
const spsp = z.object({ destination_account: z.string(), shared_secret: z.string() })

let node: TestNode
let usd: TestAsset
let bob: Customer
let plugin: HttpPlugin

beforeAll(async () => {
  node = await startNode({ name: 'a' })
  usd = await openAsset(node, 'USD', 2)
  bob = await openCustomer(node, 'bob', await openAsset(node, 'EUR', 2))
  plugin = new HttpPlugin(TOKEN, () => node.connectorUrl)
  await plugin.start()
  const tokens = { outgoingToken: TOKEN, incomingToken: TOKEN }
  const of = { assetId: usd.id, staticIlpAddress: 'test.sender', name: 'sender', endpoint: plugin.url, ...tokens }
  await node.admin.depositPeerLiquidity(await node.admin.createPeer(of), PEER_LIQUIDITY)
})
afterAll(async () => {
  await plugin?.disconnect()
  await node?.stop()
})

async function credentialsOfWalletAddress(): Promise<StreamCredentials> {
  const response = await fetch(bob.url, { headers: { accept: 'application/spsp4+json' } })
  const { destination_account: ilpAddress, shared_secret } = spsp.parse(await response.json())
  return { ilpAddress, sharedSecret: Buffer.from(shared_secret, 'base64url') }
}

/** Probes the way, then pays, as another node does with the library as it is. */
async function payWith(credentials: StreamCredentials, target: { amountToSend: bigint } | { amountToDeliver: bigint }) {
  const { ilpAddress, sharedSecret } = credentials
  const requestCounter = Counter.from(0)
  if (!requestCounter || !isValidIlpAddress(ilpAddress)) throw new Error('pay takes its own types only')
  const destinationAsset = { code: bob.asset.code, scale: bob.asset.scale }
  const destination = { destinationAddress: ilpAddress, sharedSecret, destinationAsset, requestCounter }
  const sourceAsset = { code: usd.code, scale: usd.scale }
  const prices = { USD: 1, EUR: 1 / 0.91 }
  const quote = await startQuote({ plugin, destination, sourceAsset, slippage: 0.02, prices, ...target })
  const { error, amountDelivered } = await pay({ plugin, destination, quote })
  expect(error).toBeUndefined()
  await closeConnection(plugin, destination)
  return { quote, amountDelivered }
}

async function streamTo({ ilpAddress, sharedSecret }: StreamCredentials, sourceAmount: bigint): Promise<void> {
  const connection = await createConnection({ plugin, destinationAccount: ilpAddress, sharedSecret, slippage: 0.05 })
  await connection.createStream().sendTotal(sourceAmount.toString(), { timeout: 20_000 })
  await connection.end()
}

describe('a sender at another node, whose packets come over HTTP', () => {
  it('@interledger/pay finds the rate of the way, and pays an incoming payment exactly', async () => {
    const { id } = await node.admin.createIncomingPayment(bob.walletAddressId, amount(9_100n, bob.asset))
    const { quote, amountDelivered } = await payWith(credentialsOf(node, id, bob.asset), { amountToDeliver: 9_100n })
    expect(quote.maxSourceAmount).toBeGreaterThanOrEqual(10_000n)
    expect(amountDelivered).toBe(9_100n)
    const done = await node.operator.event('incoming_payment.completed', id)
    expect(done.data).toMatchObject({ completed: true, receivedAmount: { value: '9100' } })
  })

  it('@interledger/pay pays a wallet address itself', async () => {
    const { amountDelivered } = await payWith(await credentialsOfWalletAddress(), { amountToSend: 10_000n })
    // 100.00 USD are 91.00 EUR; each packet may lose less than a cent.
    expect(amountDelivered).toBeLessThanOrEqual(9_100n)
    expect(amountDelivered).toBeGreaterThanOrEqual(9_090n)
  })

  it('ilp-protocol-stream pays an incoming payment, and a wallet address itself', async () => {
    const { id } = await node.admin.createIncomingPayment(bob.walletAddressId)
    await streamTo(credentialsOf(node, id, bob.asset), 10_000n)
    const received = async () => (await node.admin.incomingPayment(id)).receivedAmount.value
    await waitFor('the row shows what came', async () => (await received()) >= 9_080n)
    expect(await received()).toBeLessThanOrEqual(9_100n)
    await streamTo(await credentialsOfWalletAddress(), 10_000n)
    expect((await node.audit()).findings).toEqual([])
  })
})

import type { Asset } from '@kivuko/assets'
import { makeIlpPlugin } from '@kivuko/connector'
import type { Door } from '@kivuko/rooms'
import {
  type Connection,
  createConnection,
  createServer,
  type DataAndMoneyStream,
  type Server,
} from 'ilp-protocol-stream'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openMemoryDoor } from './memory-door.js'
import { FUNDS, MemoryNode } from './memory-node.js'
import { asStreamPlugin, HttpPlugin } from './stream-plugin.js'

const node = new MemoryNode({ ilpAddress: 'test.kivuko' })
const plugin = new HttpPlugin('token-of-the-shop', () => door.url ?? '')
let door: Door
let usd: Asset
let shop: Server

beforeAll(async () => {
  usd = await node.openAsset('USD', 2)
  const eur = await node.openAsset('EUR', 2)
  await plugin.start()
  await node.addPeer(eur, { staticIlpAddress: 'test.shop', outgoingEndpoint: `${plugin.url}/ilp` }, 'token-of-the-shop')
  door = await openMemoryDoor(node)
  shop = await createServer({ plugin })
})

afterAll(async () => {
  await shop.close()
  await door.close()
  await node.connector.beforeApplicationShutdown()
})

it('a server of ilp-protocol-stream learns its address from us, and is paid through the door over HTTP', async () => {
  let received = 0n
  shop.on('connection', (connection: Connection) => {
    // The shop tries to send packets of its own, which no payment of ours can be sent.
    connection.on('error', () => undefined)
    connection.on('stream', (stream: DataAndMoneyStream) => {
      stream.on('error', () => undefined)
      stream.setReceiveMax('1000000000')
      stream.on('money', (amount: string) => {
        received += BigInt(amount)
      })
    })
  })
  const { destinationAccount, sharedSecret } = shop.generateAddressAndSecret()
  expect(destinationAccount).toMatch(/^test\.shop\./)
  expect(shop.assetCode).toBe('EUR')

  const source = await node.openPayment(usd)
  const sender = asStreamPlugin(makeIlpPlugin(node.connector, source))
  const connection = await createConnection({ plugin: sender, destinationAccount, sharedSecret, slippage: 0.05 })
  await connection.createStream().sendTotal('10000', { timeout: 20_000 })
  await connection.end()

  // 100.00 USD × 0.9137 = 91.37 EUR, rounded down in each of a few packets.
  expect(FUNDS - (await node.held(source.accountId))).toBe(10_000n)
  expect(received).toBeLessThanOrEqual(9_137n)
  expect(received).toBeGreaterThanOrEqual(9_133n)
})

import { Counter, closeConnection, pay, startQuote } from '@interledger/pay'
import type { Asset } from '@kivuko/assets'
import type { Door } from '@kivuko/rooms'
import { isValidIlpAddress } from 'ilp-packet'
import { createConnection } from 'ilp-protocol-stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openMemoryDoor } from './memory-door.js'
import { FUNDS, MemoryNode } from './memory-node.js'
import { HttpPlugin } from './stream-plugin.js'

const PRICES = { USD: 1, EUR: 1 / 0.9137 }

// A probe is answered F99, as the receivers of incoming-payments do: of F05 @interledger/pay alpha.9 makes the end of the payment.
const node = new MemoryNode({ ilpAddress: 'test.kivuko', probeAnswer: 'F99' })
const plugin = new HttpPlugin('token-of-the-sender', () => door.url ?? '')
let door: Door
let usd: Asset
let eur: Asset
let senderAccountId: bigint

beforeAll(async () => {
  usd = await node.openAsset('USD', 2)
  eur = await node.openAsset('EUR', 2)
  await plugin.start()
  const outgoingEndpoint = `${plugin.url}/ilp`
  const sender = { staticIlpAddress: 'test.sender', outgoingEndpoint }
  const { id } = await node.addPeer(usd, sender, 'token-of-the-sender')
  senderAccountId = BigInt(`0x${id.replaceAll('-', '')}`)
  door = await openMemoryDoor(node)
})

afterAll(async () => {
  await plugin.disconnect()
  await door.close()
  await node.connector.beforeApplicationShutdown()
})

/** What the sending peer's account was charged by the act. */
async function chargedBy(act: () => Promise<void>): Promise<bigint> {
  const before = await node.held(senderAccountId)
  await act()
  return before - (await node.held(senderAccountId))
}

describe('a sender at another node, over HTTP', () => {
  it.each([
    ['USD', 12_345n],
    ['EUR', 11_279n],
  ])('@interledger/pay sends 123.45 USD to a receiver of ours in %s', async (code, delivered) => {
    const asset = code === 'USD' ? usd : eur
    const { ilpAddress, sharedSecret, accountId } = await node.openReceiver(asset)
    const requestCounter = Counter.from(0)
    if (!requestCounter || !isValidIlpAddress(ilpAddress)) throw new Error('pay takes its own types only')
    const destinationAsset = { code: asset.code, scale: asset.scale }
    const destination = { destinationAddress: ilpAddress, sharedSecret, destinationAsset, requestCounter }
    const sourceAsset = { code: usd.code, scale: usd.scale }
    const charged = await chargedBy(async () => {
      const amounts = { amountToSend: 12_345n, slippage: 0.01, prices: PRICES }
      const quote = await startQuote({ plugin, destination, sourceAsset, ...amounts })
      const { error, amountDelivered } = await pay({ plugin, destination, quote })
      expect(error).toBeUndefined()
      expect(amountDelivered).toBe(await node.held(accountId))
      await closeConnection(plugin, destination)
    })
    expect(charged).toBe(12_345n)
    // 123.45 × 0.9137 = 112.79; each packet may lose less than a cent.
    expect(await node.held(accountId)).toBeLessThanOrEqual(delivered)
    expect(await node.held(accountId)).toBeGreaterThanOrEqual(delivered - 10n)
  })

  it.each([
    ['USD', 2_500n],
    ['EUR', 2_284n],
  ])('ilp-protocol-stream sends 25.00 USD to a receiver of ours in %s', async (code, delivered) => {
    const { ilpAddress, sharedSecret, accountId } = await node.openReceiver(code === 'USD' ? usd : eur)
    const charged = await chargedBy(async () => {
      const options = { plugin, destinationAccount: ilpAddress, sharedSecret, slippage: 0.05 }
      const connection = await createConnection(options)
      await connection.createStream().sendTotal('2500', { timeout: 10_000 })
      await connection.end()
    })
    expect(charged).toBe(2_500n)
    expect(await node.held(accountId)).toBeLessThanOrEqual(delivered)
    expect(await node.held(accountId)).toBeGreaterThanOrEqual(delivered - 4n)
  })

  it('is not charged by probes', async () => {
    const before = await node.held(senderAccountId)
    const { ilpAddress: destinationAccount, sharedSecret } = await node.openReceiver(eur)
    const connection = await createConnection({ plugin, destinationAccount, sharedSecret, slippage: 0.05 })
    await connection.end()
    expect(await node.held(senderAccountId)).toBe(before)
    expect(before).toBeLessThan(FUNDS)
  })
})

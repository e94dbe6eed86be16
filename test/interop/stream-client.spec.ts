import { makeIlpPlugin } from '@kivuko/connector'
import { createConnection } from 'ilp-protocol-stream'
import { describe, expect, it } from 'vitest'
import { FUNDS, MemoryNode } from './memory-node.js'
import { asStreamPlugin } from './stream-plugin.js'

describe('ilp-protocol-stream as the sender', () => {
  it.each([
    ['USD', 2, 2_500n],
    ['EUR', 2, 2_284n],
    ['JPY', 0, 3_782n],
  ])('pays 25.00 USD into %s over the plugin', async (code, scale, delivered) => {
    const node = new MemoryNode({ ilpAddress: 'test.kivuko' })
    const usd = await node.openAsset('USD', 2)
    const asset = code === 'USD' ? usd : await node.openAsset(code, scale)
    const receiver = await node.openReceiver(asset)
    const source = await node.openPayment(usd)
    const { ilpAddress: destinationAccount, sharedSecret } = receiver
    const plugin = asStreamPlugin(makeIlpPlugin(node.connector, source))
    const connection = await createConnection({ plugin, destinationAccount, sharedSecret, slippage: 0.05 })
    await connection.createStream().sendTotal('2500', { timeout: 10_000 })
    await connection.end()
    expect(FUNDS - (await node.held(source.accountId))).toBe(2_500n)
    // 25.00 × 0.9137 = 22.84 EUR, 25.00 × 151.3 = 3,782 JPY, rounded down in each of a few packets.
    const received = await node.held(receiver.accountId)
    expect(received).toBeLessThanOrEqual(delivered)
    expect(received).toBeGreaterThanOrEqual(delivered - 4n)
  })
})

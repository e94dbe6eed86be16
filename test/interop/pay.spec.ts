import { Counter, closeConnection, pay, type Quote, type ResolvedPayment, startQuote } from '@interledger/pay'
import type { Asset } from '@kivuko/assets'
import { makeIlpPlugin } from '@kivuko/connector'
import { isValidIlpAddress } from 'ilp-packet'
import { beforeEach, describe, expect, it } from 'vitest'
import { FUNDS, MemoryNode } from './memory-node.js'

const PRICES = { USD: 1, EUR: 1 / 0.9137, JPY: 1 / 151.3 }

describe.each(['F05', 'F99'] as const)('@interledger/pay and a receiver that answers probes with %s', (probeAnswer) => {
  let node: MemoryNode
  let usd: Asset
  let eur: Asset

  beforeEach(async () => {
    node = new MemoryNode({ ilpAddress: 'test.kivuko', probeAnswer })
    usd = await node.openAsset('USD', 2)
    eur = await node.openAsset('EUR', 2)
  })

  async function quoteAndPay(to: Asset, amounts: { amountToSend: bigint } | { amountToDeliver: bigint }) {
    const receiver = await node.openReceiver(to)
    const destination = destinationOf(receiver, to)
    const quoting = makeIlpPlugin(node.connector, await node.openPayment(usd, true))
    const quote: Quote = await startQuote({
      plugin: quoting,
      destination,
      sourceAsset: { code: usd.code, scale: usd.scale },
      slippage: 0.01,
      prices: PRICES,
      ...amounts,
    })
    const source = await node.openPayment(usd)
    const plugin = makeIlpPlugin(node.connector, source)
    const progress = await pay({ plugin, destination, quote })
    await closeConnection(plugin, destination)
    const received = await node.held(receiver.accountId)
    const spent = FUNDS - (await node.held(source.accountId))
    return { quote, progress, received, spent }
  }

  it('sends a fixed amount in one asset, to the cent', async () => {
    const { progress, received, spent } = await quoteAndPay(usd, { amountToSend: 12_345n })
    expect(progress.error).toBeUndefined()
    expect([spent, received, progress.amountDelivered]).toEqual([12_345n, 12_345n, 12_345n])
  })

  it('sends a fixed amount into another currency, at the rate less rounding', async () => {
    const { progress, received, spent } = await quoteAndPay(eur, { amountToSend: 1_000_000n })
    expect(progress.error).toBeUndefined()
    expect(spent).toBe(1_000_000n)
    expect(received).toBe(progress.amountDelivered)
    // 10,000.00 USD × 0.9137 = 9,137.00 EUR; each packet may lose less than a cent.
    expect(received).toBeLessThanOrEqual(913_700n)
    expect(received).toBeGreaterThanOrEqual(913_700n - 100n)
  })

  it('delivers a fixed amount', async () => {
    const { quote, progress, received, spent } = await quoteAndPay(eur, { amountToDeliver: 50_000n })
    expect(progress.error).toBeUndefined()
    expect(received).toBeGreaterThanOrEqual(50_000n)
    expect(spent).toBeLessThanOrEqual(quote.maxSourceAmount)
  })

  it('asks for a quote without touching the ledger', async () => {
    const before = await node.ledger.totals()
    const receiver = await node.openReceiver(eur)
    const plugin = makeIlpPlugin(node.connector, await node.openPayment(usd, true))
    const options = { slippage: 0.01, prices: PRICES, sourceAsset: { code: 'USD', scale: 2 }, amountToSend: 100n }
    const { maxPacketAmount } = await startQuote({ plugin, destination: destinationOf(receiver, eur), ...options })
    expect(maxPacketAmount).toBe(2n ** 64n - 1n)
    expect(node.receiver.codes).toContain(probeAnswer)
    // The deposit into the quoting payment's account is all that was added.
    const posted = (totals: typeof before) =>
      totals.map(({ debitsPosted, debitsPending }) => debitsPosted + debitsPending)
    expect(posted(await node.ledger.totals())).toEqual(
      posted(before).map((sum, index) => (index === 0 ? sum + FUNDS : sum)),
    )
  })
})

function destinationOf(
  credentials: { ilpAddress: string; sharedSecret: Buffer },
  { code, scale }: Asset,
): ResolvedPayment {
  const requestCounter = Counter.from(0)
  if (!requestCounter) throw new Error('0 is a packet count')
  const { ilpAddress, sharedSecret } = credentials
  if (!isValidIlpAddress(ilpAddress)) throw new Error(`${ilpAddress} is no ILP address`)
  return { destinationAddress: ilpAddress, sharedSecret, destinationAsset: { code, scale }, requestCounter }
}

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { AmountInput, OutgoingPayment, Quote } from '../harness/admin.js'
import { amount, type Customer, ended, openAsset, openCustomer, PEER_LIQUIDITY } from '../harness/network.js'
import { startNode, type TestNode } from '../harness/node.js'
import { StreamBank } from '../harness/stream-bank.js'

let node: TestNode
let alice: Customer
const banks: StreamBank[] = []

beforeAll(async () => {
  node = await startNode({ name: 'a' })
  alice = await openCustomer(node, 'alice', await openAsset(node, 'USD', 2))
})
afterAll(async () => {
  await Promise.all(banks.map((bank) => bank.close()))
  await node.stop()
})

async function peerWithBank(probeAnswer: 'F05' | 'F99'): Promise<StreamBank> {
  const name = `bank-${probeAnswer.toLowerCase()}`
  const ilpAddress = `test.${name}`
  const bank = await StreamBank.start({ ilpAddress, asset: { code: 'USD', scale: 2 }, token: name, probeAnswer })
  banks.push(bank)
  const peerId = await node.admin.createPeer({
    assetId: alice.asset.id,
    staticIlpAddress: ilpAddress,
    name,
    endpoint: bank.endpoint,
    outgoingToken: name,
    incomingToken: `${name}-to-us`,
  })
  await node.admin.depositPeerLiquidity(peerId, PEER_LIQUIDITY)
  return bank
}

describe.each(['F05', 'F99'] as const)('a STREAM receiver that answers probes with %s', (probeAnswer) => {
  let bank: StreamBank

  beforeAll(async () => {
    bank = await peerWithBank(probeAnswer)
  })
  afterEach(async () => {
    expect((await node.audit()).findings).toEqual([])
  })

  async function pay(receiver: string, debitAmount?: AmountInput): Promise<{ quote: Quote; payment: OutgoingPayment }> {
    const { walletAddressId } = alice
    const quote = await node.admin.createQuote({
      walletAddressId,
      receiver,
      ...(debitAmount !== undefined && { debitAmount }),
    })
    const { id } = await node.admin.createOutgoingPayment(walletAddressId, quote.id)
    return { quote, payment: await ended(node, id) }
  }

  it('is paid what it asks for', async () => {
    const receiver = bank.openIncomingPayment(5_000n)
    const { payment } = await pay(receiver)
    expect(payment).toMatchObject({ state: 'COMPLETED', error: null })
    expect(bank.received(receiver)).toBe(5_000n)
    expect(bank.codesAnswered).toContain(probeAnswer)
  })

  it('is paid a fixed debit', async () => {
    const receiver = bank.openIncomingPayment()
    const { quote, payment } = await pay(receiver, amount(5_000n, alice.asset))
    expect(payment).toMatchObject({ state: 'COMPLETED', error: null })
    expect(bank.received(receiver)).toBeGreaterThanOrEqual(quote.receiveAmount.value)
  })
})

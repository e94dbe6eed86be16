import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { refusalOf } from '../harness/admin-client.js'
import { amount, TestNetwork } from '../harness/network.js'

describe('an unknown receiver', () => {
  let network: TestNetwork

  beforeAll(async () => {
    network = await TestNetwork.start()
  })
  afterEach(() => network.expectConserved())
  afterAll(() => network.stop())

  it.each([
    ['on the own node', () => `${network.a.openPaymentsUrl}/nobody`],
    ['on another node', () => `${network.b.openPaymentsUrl}/nobody`],
    ['where no bank answers', () => 'http://127.0.0.1:1/nobody'],
  ])('%s: no receiver is made', async (_where, url) => {
    const { codes, message } = await refusalOf(network.a.admin.createReceiver(url()))
    expect(codes).not.toContain('INTERNAL_SERVER_ERROR')
    expect(message).toContain('nobody')
  })

  it.each([
    ['on the own node', () => network.a.openPaymentsUrl],
    ['on another node', () => network.b.openPaymentsUrl],
  ])('%s: no quote is made for its incoming payment', async (_where, url) => {
    const receiver = `${url()}/incoming-payments/00000000-0000-4000-8000-000000000000`
    const { walletAddressId, asset } = network.aliceUsd
    const { codes } = await refusalOf(
      network.a.admin.createQuote({ walletAddressId, receiver, debitAmount: amount(100n, asset) }),
    )
    expect(codes).not.toContain('INTERNAL_SERVER_ERROR')
  })
})

import { randomBytes } from 'node:crypto'
import { createConnection, verifyReceipt } from 'ilp-protocol-stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { refusalOf } from '../harness/admin-client.js'
import { type Customer, openAsset, openCustomer, PEER_LIQUIDITY } from '../harness/network.js'
import { startNode, type TestNode } from '../harness/node.js'
import { waitFor } from '../harness/wait-for.js'
import { HttpPlugin } from '../interop/stream-plugin.js'

const TOKEN = 'between-the-two'
const spsp = z.strictObject({
  destination_account: z.string(),
  shared_secret: z.string(),
  receipts_enabled: z.boolean(),
})
const reported = z.object({
  walletAddress: z.object({
    id: z.string(),
    createdAt: z.iso.datetime(),
    receivedAmount: z.object({ value: z.string() }),
  }),
})

let node: TestNode
let bob: Customer
let peer: HttpPlugin

beforeAll(async () => {
  node = await startNode({ name: 'a', env: { WITHDRAWAL_THROTTLE_DELAY: '300' } })
  const usd = await openAsset(node, 'USD', 2)
  bob = await openCustomer(node, 'bob', await openAsset(node, 'EUR', 2))
  peer = new HttpPlugin(TOKEN, () => node.connectorUrl)
  await peer.start()
  const peerId = await node.admin.createPeer({
    assetId: usd.id,
    staticIlpAddress: 'test.sender',
    name: 'sender',
    endpoint: peer.url,
    outgoingToken: TOKEN,
    incomingToken: TOKEN,
  })
  await node.admin.depositPeerLiquidity(peerId, PEER_LIQUIDITY)
})
afterAll(async () => {
  await peer?.disconnect()
  await node?.stop()
})

function ask(headers: Record<string, string> = {}): Promise<Response> {
  return fetch(bob.url, { headers: { accept: 'application/spsp4+json', ...headers } })
}

/** Sends in the peer's USD; 1 USD is 0.91 EUR. Answers the last receipt. */
async function send(amount: bigint, headers: Record<string, string> = {}): Promise<Buffer | undefined> {
  const { destination_account, shared_secret } = spsp.parse(await (await ask(headers)).json())
  const sharedSecret = Buffer.from(shared_secret, 'base64url')
  const connection = await createConnection({
    plugin: peer,
    destinationAccount: destination_account,
    sharedSecret,
    slippage: 0.05,
  })
  const stream = connection.createStream()
  await stream.sendTotal(amount.toString(), { timeout: 10_000 })
  await connection.end()
  return stream.receipt
}

describe('SPSP at a wallet address', () => {
  it('answers every sender with a secret of its own, which nobody keeps', async () => {
    const [one, other] = await Promise.all([ask(), ask()])
    expect(one.status).toBe(200)
    expect(Object.fromEntries(one.headers)).toMatchObject({
      'content-type': expect.stringMatching(/^application\/spsp4\+json/),
      'cache-control': 'no-store',
      'access-control-allow-origin': '*',
      vary: 'Accept',
    })
    const [first, second] = [spsp.parse(await one.json()), spsp.parse(await other.json())]
    expect(first.destination_account).toMatch(/^test\.a\./)
    expect(first.receipts_enabled).toBe(false)
    expect(Buffer.from(first.shared_secret, 'base64url')).toHaveLength(32)
    expect(second.shared_secret).not.toBe(first.shared_secret)
  })

  it('takes both receipt headers or none, and no address that is not there', async () => {
    const nonce = { 'receipt-nonce': randomBytes(16).toString('base64') }
    const secret = { 'receipt-secret': randomBytes(32).toString('base64') }
    const statuses = [nonce, secret, { ...secret, 'receipt-nonce': 'AAAA' }, { ...nonce, ...secret }].map(
      async (headers) => (await ask(headers)).status,
    )
    expect(await Promise.all(statuses)).toEqual([400, 400, 400, 200])
    const nobody = await fetch(`${node.openPaymentsUrl}/nobody`, { headers: { accept: 'application/spsp4+json' } })
    expect(nobody.status).toBe(404)
    expect(await nobody.json()).toMatchObject({ id: 'InvalidReceiverError' })
  })
})

describe('a browser that asks first', () => {
  it('may send the headers of SPSP from any page', async () => {
    const answer = await fetch(bob.url, { method: 'OPTIONS' })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.headers.get('access-control-allow-headers')).toContain('web-monetization-id')
  })
})

describe('money for a wallet address itself', () => {
  it('is credited to it, receipted, reported once and withdrawn once', async () => {
    const secret = randomBytes(32)
    const nonce = randomBytes(16)
    const receipt = await send(1_000n, {
      'receipt-nonce': nonce.toString('base64'),
      'receipt-secret': secret.toString('base64'),
    })
    // 10.00 USD are 9.10 EUR, less what a few packets lose by rounding down.
    const event = await node.operator.eventWhere('wallet_address.web_monetization', () => true)
    const { walletAddress } = reported.parse(event.data)
    const amount = BigInt(walletAddress.receivedAmount.value)
    expect(walletAddress.id).toBe(bob.walletAddressId)
    expect(amount).toBeGreaterThanOrEqual(905n)
    expect(amount).toBeLessThanOrEqual(910n)
    expect(verifyReceipt(receipt ?? Buffer.alloc(0), secret)).toMatchObject({ nonce, streamId: '1' })
    expect(BigInt(verifyReceipt(receipt ?? Buffer.alloc(0), secret).totalReceived.toString())).toBe(amount)

    await node.admin.withdrawEventLiquidity(event.id)
    expect((await refusalOf(node.admin.withdrawEventLiquidity(event.id))).codes).toEqual(['CONFLICT'])
    await send(500n)
    const next = await node.operator.eventWhere('wallet_address.web_monetization', ({ id }) => id !== event.id)
    const later = BigInt(reported.parse(next.data).walletAddress.receivedAmount.value)
    expect(later).toBeGreaterThanOrEqual(450n)
    expect(later).toBeLessThanOrEqual(455n)
    expect((await node.audit()).findings).toEqual([])
  })

  it('is reported by hand where nothing else reports it, and once', async () => {
    await node.restart({ WITHDRAWAL_THROTTLE_DELAY: '' })
    await send(500n)
    await noted()
    const told = new Set(node.operator.events.map(({ id }) => id))
    expect(await trigger()).toEqual({ triggerWalletAddressEvents: { count: 1 } })
    expect(await trigger()).toEqual({ triggerWalletAddressEvents: { count: 0 } })
    const { data } = await node.operator.eventWhere('wallet_address.web_monetization', ({ id }) => !told.has(id))
    expect(reported.parse(data).walletAddress.id).toBe(bob.walletAddressId)
  })

  it('is reported after a restart when the process ended before it noted the credit', async () => {
    await send(500n)
    await noted()
    const told = new Set(node.operator.events.map(({ id }) => id))
    await node.database.query('update wallet_address_receipts set received_amount = reported_amount, due_at = null')
    await node.restart({ WITHDRAWAL_THROTTLE_DELAY: '300' })
    const { data } = await node.operator.eventWhere('wallet_address.web_monetization', ({ id }) => !told.has(id))
    const amount = BigInt(reported.parse(data).walletAddress.receivedAmount.value)
    expect(amount).toBeGreaterThanOrEqual(450n)
    expect(amount).toBeLessThanOrEqual(455n)
  })
})

function trigger(): Promise<unknown> {
  const mutation = 'mutation { triggerWalletAddressEvents(input: { limit: 5 }) { count } }'
  return node.admin.client.request(mutation, {}, z.unknown())
}

/** The sender has its answer before the credit is noted. */
async function noted(): Promise<void> {
  const query = 'select 1 from wallet_address_receipts where received_amount > reported_amount'
  await waitFor('a credit is noted', async () => ((await node.database.query(query)).length > 0 ? true : undefined))
}

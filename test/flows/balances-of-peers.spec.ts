import { conditionOf, decodeReply, encodePrepare, encodeReply, fulfill, type Reply } from '@kivuko/ilp'
import { SystemClock } from '@kivuko/platform'
import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { refusalOf } from '../harness/admin-client.js'
import { openAsset } from '../harness/network.js'
import { startNode, type TestNode } from '../harness/node.js'
import { answersWith, ScriptedPeer } from '../interop/scripted-peer.js'

const FULFILLMENT = Buffer.alloc(32, 5)
const clock = new SystemClock()

let node: TestNode
let bank: ScriptedPeer
let payerId: string
let bankId: string
let packets = 0

const money = z.coerce.bigint()
const limitsShape = z.object({
  creditLine: money.nullable(),
  minimum: money.nullable(),
  maximum: money.nullable(),
})
const LIMITS = 'balanceLimits { creditLine minimum maximum }'
const peerShape = z.object({ balance: money, liquidity: money, balanceLimits: limitsShape })

type Limits = Partial<z.infer<typeof limitsShape>>

async function peer(id: string) {
  const text = `query ($id: String!) { peer(id: $id) { balance liquidity ${LIMITS} } }`
  return (await node.admin.client.request(text, { id }, z.object({ peer: peerShape }))).peer
}

async function limit(id: string, balanceLimits: Limits) {
  const text = `mutation ($input: UpdatePeerInput!) { updatePeer(input: $input) { peer { ${LIMITS} } } }`
  const shape = z.object({ updatePeer: z.object({ peer: z.object({ balanceLimits: limitsShape }) }) })
  const { updatePeer } = await node.admin.client.request(text, { input: { id, balanceLimits } }, shape)
  return updatePeer.peer.balanceLimits
}

/** From the payer, for the bank. */
async function send(amount: bigint): Promise<Reply> {
  const body = encodePrepare({
    amount,
    expiresAt: new Date(clock.nowMs() + 10_000),
    executionCondition: conditionOf(FULFILLMENT),
    destination: 'test.bank.account',
    data: Buffer.from(`packet ${packets++}`),
  })
  const headers = { authorization: 'Bearer payer-to-us', 'content-type': 'application/octet-stream' }
  const response = await request(node.connectorUrl, { method: 'POST', headers, body })
  return decodeReply(Buffer.from(await response.body.arrayBuffer()))
}

beforeAll(async () => {
  node = await startNode({ name: 'a' })
  bank = await ScriptedPeer.start()
  bank.does(answersWith(200, encodeReply(fulfill(FULFILLMENT))))
  const asset = await openAsset(node, 'USD', 2)
  const create = (name: string, endpoint: string) =>
    node.admin.createPeer({
      assetId: asset.id,
      staticIlpAddress: `test.${name}`,
      name,
      endpoint,
      outgoingToken: 'to-them',
      incomingToken: `${name}-to-us`,
    })
  payerId = await create('payer', 'http://127.0.0.1:9')
  bankId = await create('bank', bank.url)
})
afterAll(async () => {
  expect((await node.audit()).findings).toEqual([])
  await bank.close()
  await node.stop()
})

const noMoney = { code: 'T04', message: 'insufficient balance of the source account.' }
const noRoom = { code: 'T04', message: 'exceeded maximum balance.' }

describe('a peer with nothing on its account', () => {
  it('sends nothing, and with a credit line as much as that', async () => {
    expect(await send(1n)).toMatchObject(noMoney)
    expect(await limit(payerId, { creditLine: 50n })).toEqual({ creditLine: 50n, minimum: null, maximum: null })
    expect(await send(51n)).toMatchObject(noMoney)
    expect((await send(30n)).type).toBe('fulfill')
    expect((await send(20n)).type).toBe('fulfill')
    expect(await send(1n)).toMatchObject(noMoney)
  })

  it('is shown with what it owes, and no liquidity', async () => {
    expect(await peer(payerId)).toMatchObject({ balance: -50n, liquidity: 0n })
    expect(await peer(bankId)).toMatchObject({ balance: 50n, liquidity: 50n })
  })

  it('gets a larger line, and keeps one that it uses', async () => {
    await limit(payerId, { creditLine: 60n })
    expect((await send(10n)).type).toBe('fulfill')
    const refused = await refusalOf(limit(payerId, { creditLine: 59n }))
    expect(refused.codes).toEqual(['CONFLICT'])
    expect(refused.message).toContain('deposit 1 more first')
    expect((await peer(payerId)).balanceLimits.creditLine).toBe(60n)
  })
})

describe('a peer with a maximum', () => {
  it('is sent no more than that, and what is refused costs its sender nothing', async () => {
    await limit(payerId, { creditLine: 1_000n })
    await limit(bankId, { maximum: 100n })
    const before = await peer(payerId)
    expect(await send(41n)).toMatchObject(noRoom)
    expect(await peer(payerId)).toMatchObject({ balance: before.balance })
    expect((await send(40n)).type).toBe('fulfill')
    expect(await peer(bankId)).toMatchObject({ balance: 100n })
    await limit(bankId, { maximum: null })
    expect((await send(41n)).type).toBe('fulfill')
  })
})

describe('a peer with a minimum', () => {
  it('keeps that on its account', async () => {
    await limit(payerId, { creditLine: 10_000n })
    await node.admin.depositPeerLiquidity(payerId, 1_000n)
    const { balance } = await peer(payerId)
    await limit(payerId, { minimum: 500n })
    expect(await send(balance - 499n)).toMatchObject(noMoney)
    expect((await send(balance - 500n)).type).toBe('fulfill')
    expect(await peer(payerId)).toMatchObject({ balance: 500n, balanceLimits: { creditLine: null, minimum: 500n } })
  })
})

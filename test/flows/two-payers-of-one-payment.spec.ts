import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePorts } from '../harness/listen.js'
import { amount, type Customer, openAsset, openCustomer, PEER_LIQUIDITY } from '../harness/network.js'
import { startNode, type TestNode } from '../harness/node.js'
import { type NodeProcess, startNodeProcess } from '../harness/node-process.js'
import { credentialsOf, StreamSending } from '../harness/stream-sending.js'
import { HttpPlugin } from '../interop/stream-plugin.js'

const ASKED = 1_000n

let node: TestNode
let second: NodeProcess
let bob: Customer
/** The two payers, each at a process of its own. */
let payers: readonly HttpPlugin[]

beforeAll(async () => {
  node = await startNode({ name: 'a', ownProcess: true })
  const [port = 0] = await freePorts(1)
  second = await startNodeProcess({ ...node.env, ROLES: 'connector', CONNECTOR_PORT: `${port}` })
  bob = await openCustomer(node, 'bob', await openAsset(node, 'USD', 2))
  payers = await Promise.all([payerAt(node.connectorUrl, 'first'), payerAt(`http://127.0.0.1:${port}`, 'second')])
})
afterAll(async () => {
  await Promise.all((payers ?? []).map((payer) => payer.disconnect()))
  await second?.close()
  await node?.stop()
})

async function payerAt(connectorUrl: string, name: string): Promise<HttpPlugin> {
  const payer = new HttpPlugin(name, () => connectorUrl)
  await payer.start()
  const tokens = { outgoingToken: name, incomingToken: name }
  const of = { assetId: bob.asset.id, staticIlpAddress: `test.${name}`, name, endpoint: payer.url, ...tokens }
  await node.admin.depositPeerLiquidity(await node.admin.createPeer(of), PEER_LIQUIDITY)
  return payer
}

describe('two payers of one incoming payment, at two processes', () => {
  it('bring together exactly what it asks for, and the others keep their money', async () => {
    const { id } = await node.admin.createIncomingPayment(bob.walletAddressId, amount(ASKED, bob.asset))
    const sending = new StreamSending(credentialsOf(node, id))
    // Both processes hold the payment in memory, each with its own count.
    for (const payer of payers) expect((await sending.send(payer, 50n)).type).toBe('fulfill')
    const replies = await Promise.all(
      Array.from({ length: 30 }, () => payers.map((payer) => sending.send(payer, 100n))).flat(),
    )
    expect(replies.filter(({ type }) => type === 'fulfill')).toHaveLength(9)
    const codes = new Set(replies.map((reply) => (reply.type === 'reject' ? reply.code : 'fulfilled')))
    for (const code of codes) expect(['fulfilled', 'T99', 'F07', 'F08']).toContain(code)
    const done = await node.operator.event('incoming_payment.completed', id)
    expect(done.data).toMatchObject({ completed: true, receivedAmount: { value: `${ASKED}` } })
    // A process that has not heard of the last unit yet learns it from the ledger, which takes no more, and looks again.
    for (const payer of payers) {
      const told = await sending.send(payer, 1n)
      expect(['T99', 'F07']).toContain(told.type === 'reject' && told.code)
      expect(await sending.send(payer, 1n)).toMatchObject({ code: 'F07' })
    }
    expect((await node.audit()).findings).toEqual([])
  })

  it('is told what is missing by a process that did not see the other payer, at the second try', async () => {
    const { id } = await node.admin.createIncomingPayment(bob.walletAddressId, amount(ASKED, bob.asset))
    const sending = new StreamSending(credentialsOf(node, id))
    const [first, other] = payers
    if (!first || !other) throw new Error('there are two payers')
    expect((await sending.send(other, 100n)).type).toBe('fulfill')
    expect((await sending.send(first, 800n)).type).toBe('fulfill')
    // At once where it has heard by chance; else the ledger knows better, and the process looks again.
    const told = await sending.send(other, 200n)
    expect(['T99', 'F08']).toContain(told.type === 'reject' && told.code)
    expect(await sending.send(other, 200n)).toMatchObject({
      code: 'F08',
      message: `incoming payment ${id} asks for 100 more, this packet brings 200`,
    })
    expect((await sending.send(other, 100n)).type).toBe('fulfill')
    const done = await node.operator.event('incoming_payment.completed', id)
    expect(done.data).toMatchObject({ receivedAmount: { value: `${ASKED}` } })
  })
})

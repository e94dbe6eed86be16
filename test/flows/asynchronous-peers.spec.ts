import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'undici'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Listening, listen, readBody } from '../harness/listen.js'
import { type Customer, ended, openAsset, openCustomer, PEER_LIQUIDITY } from '../harness/network.js'
import { startNode, type TestNode } from '../harness/node.js'
import { StreamBank } from '../harness/stream-bank.js'
import { waitFor } from '../harness/wait-for.js'

/** A dead worker's lease lasts half a minute, and a packet of unknown end 20 seconds. */
const DEADLINE_MS = 100_000
const OCTETS = 'application/octet-stream'

let node: TestNode
let alice: Customer
let bank: StreamBank
let front: AsyncFront

/** Before a bank that only answers at once: takes packets, and posts the bank's answers to the callback. */
class AsyncFront {
  isHolding = false
  readonly callbackStatuses: number[] = []
  private readonly held: (() => Promise<void>)[] = []
  private listening: Listening | undefined

  async start(): Promise<void> {
    this.listening = await listen(async (incoming, response) => {
      const [{ headers }, body] = [incoming, await readBody(incoming)]
      if (headers.prefer !== 'respond-async') return void response.writeHead(400).end()
      response.writeHead(202).end()
      const answer = () => this.answer(headers, body)
      if (this.isHolding) this.held.push(answer)
      else await answer()
    })
  }

  get url(): string {
    return this.listening?.url ?? ''
  }

  get heldCount(): number {
    return this.held.length
  }

  async release(): Promise<void> {
    this.isHolding = false
    await Promise.all(this.held.splice(0).map((answer) => answer()))
  }

  async close(): Promise<void> {
    await this.listening?.close()
  }

  private async answer(asked: IncomingHttpHeaders, body: Buffer): Promise<void> {
    const inward = { authorization: asked.authorization ?? '', 'content-type': OCTETS }
    const answered = await request(bank.endpoint, { method: 'POST', headers: inward, body })
    const reply = Buffer.from(await answered.body.arrayBuffer())
    const back = { authorization: 'Bearer bank-to-us', 'content-type': OCTETS }
    const headers = { ...back, 'request-id': asked['request-id']?.toString() ?? '' }
    const posting = request(asked['callback-url']?.toString() ?? '', { method: 'POST', headers, body: reply })
    const { statusCode } = await posting.catch(() => ({ statusCode: 0 }))
    this.callbackStatuses.push(statusCode)
  }
}

beforeAll(async () => {
  node = await startNode({ name: 'a', ownProcess: true })
  alice = await openCustomer(node, 'alice', await openAsset(node, 'USD', 2))
  bank = await StreamBank.start({ ilpAddress: 'test.bank', asset: alice.asset, token: 'bank', probeAnswer: 'F05' })
  front = new AsyncFront()
  await front.start()
  const http = {
    incoming: { authTokens: ['bank-to-us'] },
    outgoing: { endpoint: `${front.url}/ilp`, authToken: 'bank', mode: 'ASYNCHRONOUS' },
  }
  const text =
    'mutation ($input: CreatePeerInput!) { createPeer(input: $input) { peer { id http { outgoing { mode } } } } }'
  const peerShape = z.object({ id: z.string(), http: z.object({ outgoing: z.object({ mode: z.string() }) }) })
  const shape = z.object({ createPeer: z.object({ peer: peerShape }) })
  const input = { assetId: alice.asset.id, staticIlpAddress: 'test.bank', http }
  const { peer } = (await node.admin.client.request(text, { input }, shape)).createPeer
  expect(peer.http.outgoing.mode).toBe('ASYNCHRONOUS')
  await node.admin.depositPeerLiquidity(peer.id, PEER_LIQUIDITY)
})
afterEach(async () => {
  expect((await node.audit()).findings).toEqual([])
})
afterAll(async () => {
  await Promise.all([bank.close(), front.close()])
  await node.stop()
})

describe('a payment over an asynchronous peer', () => {
  it('is quoted and completes, each reply taken once', async () => {
    const receiver = bank.openIncomingPayment(1_000n)
    const quote = await node.admin.createQuote({ walletAddressId: alice.walletAddressId, receiver })
    const { id } = await node.admin.createOutgoingPayment(alice.walletAddressId, quote.id)
    expect(await ended(node, id)).toMatchObject({ state: 'COMPLETED', sentAmount: { value: 1_000n } })
    expect(bank.received(receiver)).toBe(1_000n)
    expect(new Set(front.callbackStatuses)).toEqual(new Set([200]))
  })

  it('whose replies come after a restart is finished, and paid once: those replies are not taken', async () => {
    const receiver = bank.openIncomingPayment(1_000n)
    const quote = await node.admin.createQuote({ walletAddressId: alice.walletAddressId, receiver })
    front.isHolding = true
    const { id } = await node.admin.createOutgoingPayment(alice.walletAddressId, quote.id)
    await waitFor('a packet to be held', () => front.heldCount > 0)
    await node.kill()
    await node.startAgain()
    front.callbackStatuses.splice(0)
    await front.release()
    expect(front.callbackStatuses).toContain(400)
    const payment = await ended(node, id, DEADLINE_MS)
    expect(payment).toMatchObject({ state: 'COMPLETED', sentAmount: { value: 1_000n } })
    expect(bank.received(receiver)).toBe(1_000n)
  }, 150_000)
})

import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'undici'
import { z } from 'zod'
import { type Listening, listen, readBody } from './listen.js'
import { PEER_LIQUIDITY } from './network.js'
import type { TestNode } from './node.js'
import type { StreamBank } from './stream-bank.js'

const OCTETS = 'application/octet-stream'

/** Before a bank that only answers at once: takes packets, and posts the bank's answers to the callback. */
export class AsyncFront {
  isHolding = false
  readonly callbackStatuses: number[] = []
  private readonly held: (() => Promise<void>)[] = []
  private listening: Listening | undefined

  constructor(private readonly bank: StreamBank) {}

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
    const answered = await request(this.bank.endpoint, { method: 'POST', headers: inward, body })
    const reply = Buffer.from(await answered.body.arrayBuffer())
    const back = { authorization: 'Bearer bank-to-us', 'content-type': OCTETS }
    const headers = { ...back, 'request-id': asked['request-id']?.toString() ?? '' }
    const posting = request(asked['callback-url']?.toString() ?? '', { method: 'POST', headers, body: reply })
    const { statusCode } = await posting.catch(() => ({ statusCode: 0 }))
    this.callbackStatuses.push(statusCode)
  }
}

/** Makes the bank behind a front an asynchronous peer, with liquidity. */
export async function peerAsynchronously({ admin }: TestNode, assetId: string, front: AsyncFront): Promise<string> {
  const http = {
    incoming: { authTokens: ['bank-to-us'] },
    outgoing: { endpoint: `${front.url}/ilp`, authToken: 'bank', mode: 'ASYNCHRONOUS' },
  }
  const text =
    'mutation ($input: CreatePeerInput!) { createPeer(input: $input) { peer { id http { outgoing { mode } } } } }'
  const input = { assetId, staticIlpAddress: 'test.bank', http }
  const { peer } = (await admin.client.request(text, { input }, createdShape)).createPeer
  await admin.depositPeerLiquidity(peer.id, PEER_LIQUIDITY)
  return peer.id
}

const outgoingShape = z.object({ mode: z.literal('ASYNCHRONOUS') })
const peerShape = z.object({ id: z.string(), http: z.object({ outgoing: outgoingShape }) })
const createdShape = z.object({ createPeer: z.object({ peer: peerShape }) })

import type { IncomingMessage } from 'node:http'
import { type RequestLike, validateSignature } from '@interledger/http-signature-utils'
import type { JWK } from '@interledger/open-payments'
import { z } from 'zod'
import { type Listening, listen, readBody } from './listen.js'

interface Answer {
  readonly status: number
  readonly body?: object
  readonly headers?: Record<string, string>
}

const order = z.looseObject({ walletAddress: z.string() })
const EUR = { assetCode: 'EUR', assetScale: 2 }

/**
 * Another node in a few lines, all three servers of it: a wallet address, an authorization server, a resource server. It
 * knows one client, checks its signatures with the official library, and answers otherwise where a test says so.
 */
export class RemoteNode {
  /** `<METHOD> <path>` of every request, in order. */
  readonly requests: string[] = []
  readonly grantRequests: unknown[] = []
  readonly unsigned: string[] = []
  /** Answers instead of the usual one, by `<METHOD> <path>`. */
  readonly answers = new Map<string, Answer>()
  tokenLifeSeconds: number | undefined = 600
  private readonly tokens = new Set<string>()
  private made = 0

  private constructor(
    private readonly listening: Listening,
    private readonly clientKey: JWK,
  ) {}

  static async start(clientKey: JWK): Promise<RemoteNode> {
    const listening = await listen((request, response) => {
      node.answer(request).then(
        ({ status, body, headers }) =>
          response
            .writeHead(status, { 'content-type': 'application/json', ...headers })
            .end(body === undefined ? undefined : JSON.stringify(body)),
        (error: unknown) => response.writeHead(500).end(String(error)),
      )
    })
    const node = new RemoteNode(listening, clientKey)
    return node
  }

  get url(): string {
    return this.listening.url
  }

  get walletAddress(): string {
    return `${this.url}/bob`
  }

  get receiver(): string {
    return `${this.url}/rs/incoming-payments/1`
  }

  /** Every token it gave holds no more. */
  revokeTokens(): void {
    this.tokens.clear()
  }

  count(request: string): number {
    return this.requests.filter((made) => made === request).length
  }

  async close(): Promise<void> {
    await this.listening.close()
  }

  walletAddressBody(): object {
    return { id: this.walletAddress, ...EUR, authServer: `${this.url}/as`, resourceServer: `${this.url}/rs` }
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const text = (await readBody(request)).toString('utf8')
    const name = `${request.method} ${request.url}`
    this.requests.push(name)
    const given = this.answers.get(name)
    if (given !== undefined) return given
    const { authorization } = request.headers
    if (request.method === 'POST' || authorization !== undefined) await this.checkSignature(request, text)
    return this.usual(name, authorization, text)
  }

  private usual(name: string, authorization: string | undefined, text: string): Answer {
    if (name === 'GET /bob') return { status: 200, body: this.walletAddressBody() }
    if (name === 'POST /as') return this.grant(text)
    if (name === 'POST /as/token') return { status: 200, body: { access_token: this.token() } }
    if (name === 'GET /rs/incoming-payments/1' && authorization === undefined) {
      return { status: 200, body: { receivedAmount: { value: '0', ...EUR }, authServer: `${this.url}/as` } }
    }
    if (!this.tokens.has(authorization ?? '')) return { status: 401, body: error('401') }
    if (name === 'GET /rs/incoming-payments/1') return { status: 200, body: this.incomingPayment({}) }
    if (name === 'POST /rs/incoming-payments/1/complete') {
      const { methods: _, ...completed } = this.incomingPayment({ completed: true })
      return { status: 200, body: completed }
    }
    if (name === 'POST /rs/incoming-payments') {
      return { status: 201, body: this.incomingPayment(order.parse(JSON.parse(text))) }
    }
    return { status: 404, body: error('404') }
  }

  private grant(text: string): Answer {
    this.grantRequests.push(JSON.parse(text))
    const resume = { access_token: { value: 'continue' }, uri: `${this.url}/as/continue` }
    return { status: 200, body: { access_token: this.token(), continue: resume } }
  }

  private token(): object {
    this.made += 1
    const value = `token-${this.made}`
    this.tokens.add(`GNAP ${value}`)
    const access = [{ type: 'incoming-payment', actions: ['read-all'] }]
    const life = this.tokenLifeSeconds === undefined ? {} : { expires_in: this.tokenLifeSeconds }
    return { value, manage: `${this.url}/as/token`, access, ...life }
  }

  private incomingPayment(asked: object) {
    const ilp = { type: 'ilp', ilpAddress: 'test.bob.x', sharedSecret: Buffer.alloc(32, 1).toString('base64url') }
    return {
      id: this.receiver,
      walletAddress: this.walletAddress,
      completed: false,
      receivedAmount: { value: '0', ...EUR },
      createdAt: '2026-01-01T00:00:00Z',
      ...asked,
      methods: [ilp],
    }
  }

  private async checkSignature({ method = '', url, headers }: IncomingMessage, body: string): Promise<void> {
    const texts = Object.entries(headers).map(([name, value]) => [name, String(value)])
    const signed: RequestLike = {
      method,
      url: `${this.url}${url}`,
      headers: Object.fromEntries(texts),
      ...(body !== '' && { body }),
    }
    if (!(await validateSignature(this.clientKey, signed))) this.unsigned.push(`${method} ${url}`)
  }
}

function error(code: string): object {
  return { error: { code, description: 'refused' } }
}

import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { SystemClock } from '@kivuko/platform'
import { type Listening, listen } from './listen.js'

/** A request, and in what it differs from a rightly signed one. */
export interface SignedCall {
  readonly method?: 'GET' | 'POST' | 'HEAD'
  readonly token?: string
  /** Sent as it is; JSON in whatever form. */
  readonly body?: string
  readonly signing?: {
    /** Components to leave out of the signature. */
    readonly without?: readonly string[]
    readonly createdAgoSeconds?: number
    readonly keyId?: string
    readonly key?: KeyObject
    /** The URL that is signed instead of the one that is called. */
    readonly target?: string
  }
  /** What is sent instead of what was signed. */
  readonly sent?: { readonly body?: string; readonly token?: string; readonly method?: 'GET' | 'POST' }
}

const clock = new SystemClock()

/**
 * A client of Open Payments with a wallet address that serves its key. It signs as the official client does, written from
 * RFC 9421 by hand.
 */
export class SigningClient {
  readonly keyId = 'key-of-the-tests'
  readonly jwk: object
  /** What jwks.json answers; undefined: nothing at all. */
  keysAnswer: (() => { status: number; body: string; headers?: Record<string, string> }) | undefined
  keysAsked = 0
  readonly privateKey: KeyObject

  private constructor(private readonly listening: Listening) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    this.privateKey = privateKey
    this.jwk = { kid: this.keyId, alg: 'EdDSA', ...publicKey.export({ format: 'jwk' }) }
    this.keysAnswer = () => ({ status: 200, body: JSON.stringify({ keys: [this.jwk] }) })
  }

  static async start(): Promise<SigningClient> {
    const listening = await listen((request, response) => {
      client.keysAsked += 1
      if (request.url !== '/shop/jwks.json') return response.writeHead(404).end()
      const answer = client.keysAnswer?.()
      if (answer !== undefined) response.writeHead(answer.status, answer.headers).end(answer.body)
      return undefined
    })
    const client = new SigningClient(listening)
    return client
  }

  get walletAddress(): string {
    return `${this.listening.url}/shop`
  }

  async close(): Promise<void> {
    await this.listening.close()
  }

  /** Signs and sends. */
  async call(url: string, { sent = {}, ...call }: SignedCall = {}): Promise<Response> {
    const headers = this.signedHeaders(url, call)
    if (sent.token !== undefined) headers.authorization = `GNAP ${sent.token}`
    const { 'content-length': _, ...own } = headers
    const method = sent.method ?? call.method ?? 'GET'
    return fetch(url, { method, headers: own, body: sent.body ?? call.body, redirect: 'manual' })
  }

  private signedHeaders(
    url: string,
    { method = 'GET', token, body, signing = {} }: SignedCall,
  ): Record<string, string> {
    const headers: Record<string, string> = { accept: 'application/json', 'content-type': 'application/json' }
    if (token !== undefined) headers.authorization = `GNAP ${token}`
    if (body !== undefined) {
      headers['content-digest'] = `sha-512=:${createHash('sha512').update(body).digest('base64')}:`
      headers['content-length'] = `${Buffer.byteLength(body)}`
    }
    const values: Record<string, string> = { ...headers, '@method': method, '@target-uri': signing.target ?? url }
    const covered = ['@method', '@target-uri', ...(token === undefined ? [] : ['authorization'])]
    if (body !== undefined) covered.push('content-digest', 'content-length', 'content-type')
    const components = covered.filter((name) => !signing.without?.includes(name))
    const created = Math.floor(clock.nowMs() / 1_000) - (signing.createdAgoSeconds ?? 0)
    const list = components.map((name) => `"${name}"`).join(' ')
    const input = `(${list});keyid="${signing.keyId ?? this.keyId}";created=${created}`
    const lines = [...components.map((name) => `"${name}": ${values[name]}`), `"@signature-params": ${input}`]
    const signature = sign(null, Buffer.from(lines.join('\n')), signing.key ?? this.privateKey).toString('base64')
    return { ...headers, 'signature-input': `sig1=${input}`, signature: `sig1=:${signature}:` }
  }
}

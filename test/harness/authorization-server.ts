import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { type Answered, GrantDesk } from './authorization-server-grants.js'
import { type Listening, listen, readBody } from './listen.js'

/** What a token is worth, as introspection tells it (Rafiki's contract). */
export interface TokenWorth {
  readonly client: string | { readonly walletAddress: string } | { readonly jwk: object }
  readonly access: readonly object[]
  readonly grant?: string
  /** The grant endpoint; absent: not told, as older servers do. */
  readonly iss?: string
  readonly exp?: number
}

/** Another answer than the right one; undefined: none at all. */
export type Misbehaviour = () => { readonly status: number; readonly body: string } | undefined

const introspectionRequest = z.object({ access_token: z.string(), access: z.array(z.unknown()).optional() })

/**
 * The tests' own authorization server: it says of a token what a test has put down for it, or what was granted to a client
 * that asked (GrantDesk). Everybody may ask.
 */
export class AuthorizationServer {
  /** Every introspection request, in order. */
  readonly asked: z.infer<typeof introspectionRequest>[] = []
  misbehaviour: Misbehaviour | undefined
  private readonly tokens = new Map<string, TokenWorth & { grant: string }>()

  private readonly desk: GrantDesk

  private constructor(private readonly listening: Listening) {
    this.desk = new GrantDesk(this)
  }

  static async start(): Promise<AuthorizationServer> {
    const listening = await listen((request, response) => {
      server.answer(request).then(
        (answer) => answer && response.writeHead(answer.status, headersOf(answer)).end(answer.body),
        (error: unknown) => response.writeHead(500).end(String(error)),
      )
    })
    const server = new AuthorizationServer(listening)
    return server
  }

  get url(): string {
    return this.listening.url
  }

  get introspectionUrl(): string {
    return `${this.url}/introspection`
  }

  /** Base of the grant endpoints: a tenant's is `<grantUrl>/<tenantId>`. */
  get grantUrl(): string {
    return `${this.url}/grants`
  }

  /** The settings of a node that trusts this server, and whose clients are on this machine. */
  get settings(): Record<string, string> {
    return {
      AUTH_SERVER_INTROSPECTION_URL: this.introspectionUrl,
      AUTH_SERVER_GRANT_URL: this.grantUrl,
      OPEN_PAYMENTS_ALLOW_LOCAL_CLIENTS: 'true',
    }
  }

  issue(worth: TokenWorth): string {
    const token = randomBytes(10).toString('hex').toUpperCase()
    this.tokens.set(token, { grant: randomBytes(8).toString('hex'), ...worth })
    return token
  }

  revoke(token: string): void {
    this.tokens.delete(token)
  }

  async close(): Promise<void> {
    await this.listening.close()
  }

  private async answer(request: IncomingMessage): Promise<Written | undefined> {
    const text = (await readBody(request)).toString('utf8')
    const { method = 'GET', url = '/', headers } = request
    if (url !== '/introspection') return written(this.desk.answer(method, url, text, headers.authorization))
    const asked = introspectionRequest.parse(JSON.parse(text))
    this.asked.push(asked)
    if (this.misbehaviour !== undefined) return this.misbehaviour()
    const worth = this.tokens.get(asked.access_token)
    return written({ status: 200, body: worth === undefined ? { active: false } : { active: true, ...worth } })
  }
}

interface Written {
  readonly status: number
  readonly body: string
  readonly location?: string
}

function written({ body, ...answer }: Answered): Written {
  return { ...answer, body: body === undefined ? '' : JSON.stringify(body) }
}

function headersOf({ location, body }: Written): Record<string, string> {
  return { ...(location && { location }), ...(body && { 'content-type': 'application/json' }) }
}

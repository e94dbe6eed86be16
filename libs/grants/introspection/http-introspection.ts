import { type Clock, type Config, DomainError, messageOf } from '@kivuko/platform'
import { type Dispatcher, request } from 'undici'
import type { AskedRight } from '../access.js'
import { readLimited } from '../read-limited.js'
import { thumbprintUri } from '../signatures/ed25519-key.js'
import { type ActiveToken, introspectionAnswer } from './introspection-answer.js'
import { type ClientIdentity, type Introspection, TokenIntrospection } from './token-introspection.js'

/** Where the authorization server is. */
export interface AuthorizationServer {
  /** Rafiki's private introspection endpoint: whoever reaches it may ask. */
  readonly introspectionUrl: string
  /** Public base of the grant endpoints; a tenant's is `<grantUrl>/<tenantId>`. */
  readonly grantUrl: string
  /** The tenant of tokens whose issuer is not told. */
  readonly operatorTenantId: string
}

// Every request of a wallet waits for it.
const TIMEOUT_MS = 2_000
// A token with three access items is 2 kB.
const MAX_BODY_BYTES = 65_536

/** Introspection by Rafiki's contract: POST { access_token, access? }. Nothing is kept: what is revoked is refused at once. */
export class HttpIntrospection extends TokenIntrospection {
  constructor(
    private readonly server: AuthorizationServer,
    private readonly dispatcher: Dispatcher,
    private readonly clock: Clock,
  ) {
    super()
  }

  async introspect(token: string, asked?: AskedRight): Promise<Introspection | undefined> {
    const { status, text } = await this.post({ access_token: token, ...(asked && accessOf(asked)) })
    // GNAP answers { active: false }; older servers answer that there is no such token.
    if (status === 404) return undefined
    if (status !== 200) throw unavailable(`it answered with status ${status}, expected 200`)
    const { data, error } = introspectionAnswer.safeParse(parseJson(text))
    if (error) throw unavailable(`its answer is of another form: ${error.issues[0]?.path.join('.')}`, error)
    return data.active && !this.isOver(data) ? this.introspectionOf(data) : undefined
  }

  private isOver({ exp }: ActiveToken): boolean {
    return exp !== undefined && exp * 1_000 <= this.clock.nowMs()
  }

  private introspectionOf({ grant, client: identity, access: rights, iss }: ActiveToken): Introspection {
    const tenantId = this.tenantOf(iss)
    return { access: { tenantId, client: nameOf(identity), grantId: grant, rights }, identity }
  }

  /** A server that serves several tenants must name the issuer; one that does not serves the operator. */
  private tenantOf(issuer: string | undefined): string {
    const { grantUrl, operatorTenantId } = this.server
    if (issuer === undefined || issuer === grantUrl) return operatorTenantId
    if (issuer.startsWith(`${grantUrl}/`)) return issuer.slice(grantUrl.length + 1)
    throw unavailable(`it names the issuer ${issuer.slice(0, 200)}, which is not below ${grantUrl}`)
  }

  private async post(body: unknown): Promise<{ status: number; text: string }> {
    try {
      const response = await request(this.server.introspectionUrl, {
        dispatcher: this.dispatcher,
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      return { status: response.statusCode, text: await readLimited(response.body, MAX_BODY_BYTES) }
    } catch (error) {
      throw unavailable(messageOf(error), error)
    }
  }
}

/** Undefined where no authorization server is set. */
export function introspectionFor(
  { authServerIntrospectionUrl: introspectionUrl, authServerGrantUrl: grantUrl, operatorTenantId }: Config,
  dispatcher: Dispatcher,
  clock: Clock,
): TokenIntrospection | undefined {
  if (introspectionUrl === undefined || grantUrl === undefined) return undefined
  return new HttpIntrospection({ introspectionUrl, grantUrl, operatorTenantId }, dispatcher, clock)
}

// The specification demands an identifier with outgoing payments: without one, the server is asked for all there is.
function accessOf({ type, action, walletAddress: identifier }: AskedRight) {
  if (type === 'outgoing-payment' && identifier === undefined) return {}
  return { access: [{ type, actions: [action], ...(type !== 'quote' && { identifier }) }] }
}

function nameOf(identity: ClientIdentity): string {
  return 'jwk' in identity ? thumbprintUri(identity.jwk) : identity.walletAddress
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unavailable(why: string, cause?: unknown): DomainError {
  const message = `The authorization server could not be asked: ${why}; look at AUTH_SERVER_INTROSPECTION_URL`
  return new DomainError('unavailable', 'AuthorizationServerUnavailable', message, {}, { cause })
}

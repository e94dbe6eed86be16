import {
  type AccessToken,
  isFinalizedGrantWithAccessToken,
  isPendingGrant,
  OpenPaymentsClientError,
} from '@interledger/open-payments'
import type { Clock, DataSource } from '@kivuko/platform'
import { openSealedText, sealText } from '@kivuko/tenants'
import type { OpenPaymentsClient } from './open-payments-client.js'
import { dropToken, findToken, type KeptToken, keepToken, type TokenPurpose } from './remote-tokens.queries.js'

// A token that ends while a request is under way would be refused.
const MARGIN_MS = 10_000
// Whatever another server says, no date lies beyond what a date can be.
const LONGEST_LIFE_SECONDS = 365 * 86_400

export interface RemoteTokensParts {
  readonly dataSource: Pick<DataSource, 'manager'>
  readonly clock: Clock
  readonly encryptionKey: Buffer
  readonly client: Pick<OpenPaymentsClient, 'grant' | 'token'>
}

interface HeldToken {
  readonly value: string
  readonly kept: KeptToken
}

/**
 * What other nodes' authorization servers have granted this node, which asks for all its tenants: a token for each purpose,
 * kept encrypted, rotated when it ends. Failures are the client's.
 */
export class RemoteTokens {
  private readonly underWay = new Map<string, Promise<HeldToken>>()

  constructor(private readonly parts: RemoteTokensParts) {}

  /** Calls with a token. One that is refused is forgotten, and the call repeated once with a new one. */
  async use<Answer>(purpose: TokenPurpose, call: (accessToken: string) => Promise<Answer>): Promise<Answer> {
    const token = await this.get(purpose)
    try {
      return await call(token.value)
    } catch (error) {
      if (!isRefusal(error)) throw error
      await dropToken(this.parts.dataSource.manager, purpose, token.kept)
      return call((await this.get(purpose)).value)
    }
  }

  private get(purpose: TokenPurpose): Promise<HeldToken> {
    const key = placeOf(purpose)
    const known = this.underWay.get(key)
    if (known !== undefined) return known
    const getting = this.find(purpose).finally(() => this.underWay.delete(key))
    this.underWay.set(key, getting)
    return getting
  }

  private async find(purpose: TokenPurpose): Promise<HeldToken> {
    const kept = await findToken(this.parts.dataSource.manager, purpose)
    const value = kept && this.open(purpose, kept)
    if (kept === undefined || value === undefined) return this.request(purpose)
    const endMs = kept.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY
    return endMs - this.parts.clock.nowMs() > MARGIN_MS ? { value, kept } : this.rotate(purpose, { value, kept })
  }

  private async rotate(purpose: TokenPurpose, { value, kept }: HeldToken): Promise<HeldToken> {
    try {
      return await this.keep(purpose, await this.parts.client.token.rotate({ url: kept.manageUrl, accessToken: value }))
    } catch (error) {
      // What the server no longer rotates, it may grant anew.
      if (!(error instanceof OpenPaymentsClientError) || error.status === undefined || error.status >= 500) throw error
      return this.request(purpose)
    }
  }

  private async request(purpose: TokenPurpose): Promise<HeldToken> {
    const { authServer: url, action } = purpose
    const access = [{ type: 'incoming-payment' as const, actions: [action] }]
    const grant = await this.parts.client.grant.request({ url }, { access_token: { access } })
    if (!isPendingGrant(grant) && isFinalizedGrantWithAccessToken(grant)) return this.keep(purpose, grant)
    const description = `the authorization server ${url} wants a person to approve that this node may ${action} payments`
    throw new OpenPaymentsClientError('No grant without interaction', { description, status: 403 })
  }

  private async keep(purpose: TokenPurpose, { access_token: token }: AccessToken): Promise<HeldToken> {
    const { dataSource, clock, encryptionKey } = this.parts
    const { value, manage: manageUrl, expires_in: lifeSeconds } = token
    const now = clock.now()
    const expiresAt = lifeSeconds === undefined ? null : expiry(now, lifeSeconds)
    const kept = { sealedToken: sealText(value, encryptionKey, placeOf(purpose)), manageUrl, expiresAt }
    await keepToken(dataSource.manager, purpose, kept, now)
    return { value, kept }
  }

  /** Undefined when the encryption key is another one now: a new token is asked for. */
  private open(purpose: TokenPurpose, { sealedToken }: KeptToken): string | undefined {
    try {
      return openSealedText(sealedToken, this.parts.encryptionKey, placeOf(purpose))
    } catch {
      return undefined
    }
  }
}

function expiry(now: Date, lifeSeconds: number): Date {
  return new Date(now.getTime() + Math.min(lifeSeconds, LONGEST_LIFE_SECONDS) * 1_000)
}

function placeOf({ authServer, action }: TokenPurpose): string {
  return `remote_tokens/${action}/${authServer}`
}

function isRefusal(error: unknown): boolean {
  return error instanceof OpenPaymentsClientError && (error.status === 401 || error.status === 403)
}

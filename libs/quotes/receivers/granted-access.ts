import { OpenPaymentsClientError } from '@interledger/open-payments'
import { DomainError, messageOf } from '@kivuko/platform'
import type { z } from 'zod'
import { invalidReceiver, receiverUnavailable } from '../errors.js'
import { isReachable, type Reach } from './guarded-fetch.js'
import {
  type IncomingPaymentBody,
  incomingPaymentBody,
  publicIncomingPaymentBody,
  type WalletAddressBody,
  walletAddressBody,
} from './open-payments-bodies.js'
import type { OpenPaymentsClient } from './open-payments-client.js'
import type { IncomingPaymentOrder, RemoteAccess } from './remote-access.js'
import type { RemoteTokens } from './remote-tokens.js'

/** Into any Open Payments server: with a grant of its authorization server, in requests signed by this node. */
export class GrantedAccess implements RemoteAccess {
  constructor(
    private readonly client: Pick<OpenPaymentsClient, 'incomingPayment' | 'walletAddress'>,
    private readonly tokens: Pick<RemoteTokens, 'use'>,
    private readonly reach: Reach,
  ) {}

  /** Whoever answers at the URL says whose payment it is; it is believed when that wallet address points back. */
  async read(url: string): Promise<IncomingPaymentBody> {
    const body = await this.asking(url, async () => {
      const { authServer } = parsed(
        url,
        publicIncomingPaymentBody,
        await this.client.incomingPayment.getPublic({ url }),
      )
      const purpose = { authServer: this.reachable(authServer), action: 'read-all' } as const
      const answer = await this.tokens.use(purpose, (accessToken) =>
        this.client.incomingPayment.get({ url, accessToken }),
      )
      return parsed(url, incomingPaymentBody, answer)
    })
    const wallet = await this.walletAddress(body.walletAddress)
    if (url.startsWith(`${resourceServerOf(wallet)}/incoming-payments/`)) return body
    throw invalidReceiver(
      url,
      `${body.walletAddress}, whose it says it is, has its payments at ${wallet.resourceServer}`,
    )
  }

  walletAddress(url: string): Promise<WalletAddressBody> {
    return this.asking(url, async () => {
      const wallet = parsed(url, walletAddressBody, await this.client.walletAddress.get({ url }))
      this.reachable(wallet.authServer)
      this.reachable(wallet.resourceServer)
      return wallet
    })
  }

  create(wallet: WalletAddressBody, order: IncomingPaymentOrder): Promise<IncomingPaymentBody> {
    const url = resourceServerOf(wallet)
    return this.asking(wallet.id, async () => {
      const body = { walletAddress: wallet.id, ...order }
      const purpose = { authServer: wallet.authServer, action: 'create' } as const
      const made = await this.tokens.use(purpose, (accessToken) =>
        this.client.incomingPayment.create({ url, accessToken }, body),
      )
      return parsed(wallet.id, incomingPaymentBody, made)
    })
  }

  /** Runs requests about a receiver, whose failures become refusals of this receiver. */
  private async asking<Answer>(url: string, ask: () => Promise<Answer>): Promise<Answer> {
    this.reachable(url)
    try {
      return await ask()
    } catch (error) {
      throw error instanceof OpenPaymentsClientError ? refused(url, error) : error
    }
  }

  private reachable(url: string): string {
    if (isReachable(url, this.reach)) return url
    throw invalidReceiver(url, 'it is no public https address')
  }
}

function refused(url: string, error: OpenPaymentsClientError): DomainError {
  const { status, description, validationErrors } = error
  const why = `${messageOf(error)}: ${description}`.slice(0, 300)
  if (validationErrors !== undefined) {
    return invalidReceiver(url, `a server answered in another form (${validationErrors.join('; ').slice(0, 300)})`)
  }
  const mayPass = status === undefined || status >= 500 || status === 429
  return mayPass ? receiverUnavailable(url, why, { cause: error }) : invalidReceiver(url, why, { cause: error })
}

function parsed<Body>(url: string, shape: z.ZodType<Body>, answer: unknown): Body {
  const { data, error } = shape.safeParse(answer)
  if (error === undefined) return data
  const [issue] = error.issues
  throw invalidReceiver(url, `its server answered in another form (${issue?.path.join('.')}: ${issue?.message})`)
}

function resourceServerOf({ resourceServer }: WalletAddressBody): string {
  return resourceServer.replace(/\/$/, '')
}

import { OpenPaymentsClientError } from '@interledger/open-payments'
import { DomainError, messageOf } from '@kivuko/platform'
import type { z } from 'zod'
import { invalidReceiver, receiverUnavailable, unknownReceiver, unknownRemoteWalletAddress } from '../errors.js'
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
import { notDone, type Told } from './told.js'

/** Into any Open Payments server: with a grant of its authorization server, in requests signed by this node. */
export class GrantedAccess implements RemoteAccess {
  constructor(
    private readonly client: Pick<OpenPaymentsClient, 'incomingPayment' | 'walletAddress'>,
    private readonly tokens: Pick<RemoteTokens, 'use'>,
    private readonly reach: Reach,
  ) {}

  /** Whoever answers at the URL says whose payment it is; it is believed when that wallet address points back. */
  async read(url: string): Promise<IncomingPaymentBody> {
    const body = await this.asking(url, invalidReceiver, async () => {
      const purpose = { authServer: await this.authServerOf(url), action: 'read-all' } as const
      const answer = await this.tokens.use(purpose, (accessToken) =>
        this.client.incomingPayment.get({ url, accessToken }),
      )
      return parsed(url, incomingPaymentBody, answer)
    })
    const wallet = await this.walletAt(body.walletAddress, invalidReceiver)
    if (url.startsWith(`${resourceServerOf(wallet)}/incoming-payments/`)) return body
    throw invalidReceiver(
      url,
      `${body.walletAddress}, whose it says it is, has its payments at ${wallet.resourceServer}`,
    )
  }

  walletAddress(url: string): Promise<WalletAddressBody> {
    return this.walletAt(url, notDone(unknownRemoteWalletAddress))
  }

  complete(url: string): Promise<IncomingPaymentBody> {
    return this.asking(url, notDone(unknownReceiver), async () => {
      const purpose = { authServer: await this.authServerOf(url), action: 'complete' } as const
      const completed = await this.tokens.use(purpose, (accessToken) =>
        this.client.incomingPayment.complete({ url, accessToken }),
      )
      return parsed(url, incomingPaymentBody, completed)
    })
  }

  create(wallet: WalletAddressBody, order: IncomingPaymentOrder): Promise<IncomingPaymentBody> {
    const url = resourceServerOf(wallet)
    return this.asking(wallet.id, notDone(invalidReceiver), async () => {
      const body = { walletAddress: wallet.id, ...order }
      const purpose = { authServer: wallet.authServer, action: 'create' } as const
      const made = await this.tokens.use(purpose, (accessToken) =>
        this.client.incomingPayment.create({ url, accessToken }, body),
      )
      return parsed(wallet.id, incomingPaymentBody, made)
    })
  }

  private walletAt(url: string, told: Told): Promise<WalletAddressBody> {
    return this.asking(url, told, async () => {
      const wallet = parsed(url, walletAddressBody, await this.client.walletAddress.get({ url }))
      this.reachable(wallet.authServer)
      this.reachable(wallet.resourceServer)
      return wallet
    })
  }

  /** Anybody may ask an incoming payment for it. */
  private async authServerOf(url: string): Promise<string> {
    const shown = await this.client.incomingPayment.getPublic({ url })
    return this.reachable(parsed(url, publicIncomingPaymentBody, shown).authServer)
  }

  /** Runs requests about a receiver, whose failures become refusals of this receiver. */
  private async asking<Answer>(url: string, told: Told, ask: () => Promise<Answer>): Promise<Answer> {
    this.reachable(url)
    try {
      return await ask()
    } catch (error) {
      throw error instanceof OpenPaymentsClientError ? refused(url, error, told) : error
    }
  }

  private reachable(url: string): string {
    if (isReachable(url, this.reach)) return url
    throw invalidReceiver(url, 'it is no public https address')
  }
}

function refused(url: string, error: OpenPaymentsClientError, told: Told): DomainError {
  const { status, description, validationErrors } = error
  const why = `${messageOf(error)}: ${description}`.slice(0, 300)
  if (validationErrors !== undefined) {
    return invalidReceiver(url, `a server answered in another form (${validationErrors.join('; ').slice(0, 300)})`)
  }
  const mayPass = status === undefined || status >= 500 || status === 429
  return mayPass ? receiverUnavailable(url, why, { cause: error }) : told(url, why, { cause: error }, status)
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

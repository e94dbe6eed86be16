import type { Receiver } from '@kivuko/payment-methods'
import { Agent } from 'undici'
import { type Amount, isOfAsset } from '../amount.js'
import { invalidAmount, invalidReceiver } from '../errors.js'
import { requestJson } from './json-request.js'
import { type IncomingPaymentBody, incomingPaymentBody, walletAddressBody } from './open-payments-bodies.js'

/** What is asked for at a wallet address. */
export interface WantedReceiver {
  readonly walletAddressUrl: string
  readonly incomingAmount?: Amount
  readonly expiresAt?: Date
  readonly metadata?: Record<string, unknown>
}

/** Incoming payments of other servers, over Open Payments. */
export class RemoteReceivers {
  private readonly dispatcher = new Agent()

  /** The development token is the only right this node has at others, and allows addresses without TLS. */
  constructor(private readonly devToken: string | undefined) {}

  async get(url: string): Promise<Receiver> {
    const token = this.tokenFor(url)
    const body = await requestJson({
      url,
      method: 'GET',
      shape: incomingPaymentBody,
      dispatcher: this.dispatcher,
      token,
    })
    return receiverFrom(url, body)
  }

  async create({ walletAddressUrl, incomingAmount, expiresAt, metadata }: WantedReceiver): Promise<Receiver> {
    const token = this.tokenFor(walletAddressUrl)
    const { dispatcher } = this
    const wallet = await requestJson({ url: walletAddressUrl, method: 'GET', shape: walletAddressBody, dispatcher })
    checkAsset(incomingAmount, { code: wallet.assetCode, scale: wallet.assetScale }, walletAddressUrl)
    const url = `${wallet.resourceServer.replace(/\/$/, '')}/incoming-payments`
    const body = {
      walletAddress: wallet.id,
      ...(incomingAmount !== undefined && { incomingAmount: { ...incomingAmount, value: `${incomingAmount.value}` } }),
      ...(expiresAt !== undefined && { expiresAt: expiresAt.toISOString() }),
      ...(metadata !== undefined && { metadata }),
    }
    const made = await requestJson({ url, method: 'POST', shape: incomingPaymentBody, dispatcher, token, body })
    return receiverFrom(made.id, made)
  }

  async onApplicationShutdown(): Promise<void> {
    await this.dispatcher.close()
  }

  private tokenFor(url: string): string {
    const protocol = URL.canParse(url) ? new URL(url).protocol : undefined
    if (this.devToken === undefined) {
      throw invalidReceiver(
        url,
        'it is on another server, and OPEN_PAYMENTS_DEV_TOKEN, the only right there, is not set',
      )
    }
    if (protocol !== 'https:' && protocol !== 'http:') throw invalidReceiver(url, 'it is no https address')
    return this.devToken
  }
}

export function checkAsset(
  amount: Amount | undefined,
  asset: { readonly code: string; readonly scale: number },
  walletAddressUrl: string,
): void {
  if (amount === undefined || isOfAsset(amount, asset)) return
  throw invalidAmount(
    `incomingAmount must be in ${asset.code} (scale ${asset.scale}), the asset of ${walletAddressUrl}, ` +
      `found ${amount.assetCode} (scale ${amount.assetScale})`,
  )
}

function receiverFrom(url: string, body: IncomingPaymentBody): Receiver {
  const { receivedAmount, incomingAmount, expiresAt, createdAt, metadata } = body
  const asset = { code: receivedAmount.assetCode, scale: receivedAmount.assetScale }
  if (incomingAmount !== undefined && !isOfAsset(incomingAmount, asset)) {
    throw invalidReceiver(url, 'its incomingAmount and its receivedAmount are of different assets')
  }
  const ilp = body.methods.find((method) => 'ilpAddress' in method)
  return {
    incomingPaymentUrl: url,
    walletAddressUrl: body.walletAddress,
    asset,
    receivedAmount: receivedAmount.value,
    completed: body.completed,
    ...(incomingAmount !== undefined && { incomingAmount: incomingAmount.value }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(createdAt !== undefined && { createdAt }),
    ...(metadata !== undefined && { metadata }),
    ...(ilp !== undefined && { ilp: { ilpAddress: ilp.ilpAddress, sharedSecret: ilp.sharedSecret } }),
  }
}

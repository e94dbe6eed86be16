import type { Receiver } from '@kivuko/payment-methods'
import { type Amount, isOfAsset } from '../amount.js'
import { invalidAmount, invalidReceiver } from '../errors.js'
import type { IncomingPaymentBody } from './open-payments-bodies.js'
import type { RemoteAccess } from './remote-access.js'

/** What is asked for at a wallet address. */
export interface WantedReceiver {
  readonly walletAddressUrl: string
  readonly incomingAmount?: Amount
  readonly expiresAt?: Date
  readonly metadata?: Record<string, unknown>
}

/** The ways into other servers; `development` only where its token is set. */
export interface RemoteAccesses {
  readonly granted: RemoteAccess
  readonly development: RemoteAccess | undefined
}

/** Incoming payments of other servers, over Open Payments. */
export class RemoteReceivers {
  constructor(private readonly accesses: RemoteAccesses) {}

  async get(url: string): Promise<Receiver> {
    return receiverFrom(url, await this.accessFor(url).read(url))
  }

  async complete(url: string): Promise<Receiver> {
    return receiverFrom(url, await this.accessFor(url).complete(url))
  }

  async create({ walletAddressUrl, incomingAmount, expiresAt, metadata }: WantedReceiver): Promise<Receiver> {
    const access = this.accessFor(walletAddressUrl)
    const wallet = await access.walletAddress(walletAddressUrl)
    checkAsset(incomingAmount, { code: wallet.assetCode, scale: wallet.assetScale }, walletAddressUrl)
    const made = await access.create(wallet, {
      ...(incomingAmount !== undefined && { incomingAmount: { ...incomingAmount, value: `${incomingAmount.value}` } }),
      ...(expiresAt !== undefined && { expiresAt: expiresAt.toISOString() }),
      ...(metadata !== undefined && { metadata }),
    })
    return receiverFrom(made.id, made)
  }

  private accessFor(url: string): RemoteAccess {
    const { development, granted } = this.accesses
    return url.startsWith('http:') && development !== undefined ? development : granted
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

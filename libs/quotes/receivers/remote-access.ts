import type { IncomingPaymentBody, WalletAddressBody } from './open-payments-bodies.js'

/** What an incoming payment is asked to be, in the words of Open Payments. */
export interface IncomingPaymentOrder {
  readonly incomingAmount?: { readonly value: string; readonly assetCode: string; readonly assetScale: number }
  readonly expiresAt?: string
  readonly metadata?: Record<string, unknown>
}

/**
 * A way into other Open Payments servers. Throws InvalidReceiver and ReceiverUnavailable; what makes or
 * completes a payment also UnknownReceiver, UnknownWalletAddress and InvalidGrant.
 */
export interface RemoteAccess {
  read(incomingPaymentUrl: string): Promise<IncomingPaymentBody>
  walletAddress(url: string): Promise<WalletAddressBody>
  complete(incomingPaymentUrl: string): Promise<IncomingPaymentBody>
  create(wallet: WalletAddressBody, order: IncomingPaymentOrder): Promise<IncomingPaymentBody>
}

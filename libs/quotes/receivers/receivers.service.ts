import type { TenantScope } from '@kivuko/assets'
import {
  type IncomingPayment,
  type IncomingPaymentsService,
  type Initiator,
  readIncomingPaymentUrl,
} from '@kivuko/incoming-payments'
import type { Receiver } from '@kivuko/payment-methods'
import { type Config, DomainError } from '@kivuko/platform'
import type { WalletAddressesService } from '@kivuko/wallet-addresses'
import { invalidReceiver } from '../errors.js'
import { checkAsset, type RemoteReceivers, type WantedReceiver } from './remote-receivers.js'

const RECEIVER_URL = /^https?:\/\/.+\/incoming-payments\/.+$/

/** Incoming payments by their URL, of this node (any tenant's) and of others. */
export class ReceiversService {
  constructor(
    private readonly config: Pick<Config, 'openPaymentsUrl'>,
    private readonly incomingPayments: IncomingPaymentsService,
    private readonly walletAddresses: WalletAddressesService,
    private readonly remote: RemoteReceivers,
  ) {}

  /** Throws `invalid` InvalidReceiver for what cannot be paid, `unavailable` ReceiverUnavailable for what may be later. */
  async get(url: string): Promise<Receiver> {
    if (!RECEIVER_URL.test(url)) throw invalidReceiver(url, 'it is not the URL of an incoming payment')
    const local = readIncomingPaymentUrl(this.config.openPaymentsUrl, url)
    if (local === undefined) return this.remote.get(url)
    try {
      return await this.receiverOf(await this.incomingPayments.get(local.tenantId, local.id))
    } catch (error) {
      const isUnknown = error instanceof DomainError && error.kind === 'not-found'
      throw isUnknown ? invalidReceiver(url, 'there is no such incoming payment', { cause: error }) : error
    }
  }

  /** Asks for money at a wallet address, here or at another server. */
  async create(wanted: WantedReceiver & { readonly initiatedBy?: Initiator }): Promise<Receiver> {
    const { walletAddressUrl, incomingAmount, expiresAt, metadata, initiatedBy = 'ADMIN' } = wanted
    const wallet = await this.walletAddresses.byUrl(walletAddressUrl)
    if (wallet === undefined) return this.remote.create(wanted)
    checkAsset(incomingAmount, wallet.asset, walletAddressUrl)
    const payment = await this.incomingPayments.create({
      tenantId: wallet.tenantId,
      walletAddressId: wallet.id,
      incomingAmount: incomingAmount?.value,
      expiresAt,
      metadata,
      initiatedBy,
    })
    return this.receiverOf(payment)
  }

  /** Only a payment of this node can be completed from here: the other server asks its own customers. */
  async complete(tenantId: TenantScope, url: string): Promise<Receiver> {
    const local = readIncomingPaymentUrl(this.config.openPaymentsUrl, url)
    if (local === undefined) throw invalidReceiver(url, 'it is no incoming payment of this node')
    if (tenantId !== undefined && tenantId !== local.tenantId) throw invalidReceiver(url, 'it is not of this tenant')
    return this.receiverOf(await this.incomingPayments.complete(local.tenantId, local.id))
  }

  private async receiverOf(payment: IncomingPayment): Promise<Receiver> {
    const wallet = await this.walletAddresses.get(payment.tenantId, payment.walletAddressId)
    const ilp = this.incomingPayments.credentials(payment)
    const { code, scale } = this.incomingPayments.assetOf(payment)
    return {
      incomingPaymentUrl: this.incomingPayments.url(payment),
      walletAddressUrl: wallet.address,
      asset: { code, scale },
      receivedAmount: payment.receivedAmount,
      completed: payment.state === 'COMPLETED',
      expiresAt: payment.expiresAt,
      createdAt: payment.createdAt,
      local: { incomingPaymentId: payment.id, tenantId: payment.tenantId },
      ...(payment.incomingAmount !== null && { incomingAmount: payment.incomingAmount }),
      ...(payment.metadata !== null && { metadata: payment.metadata }),
      ...(ilp !== undefined && { ilp }),
    }
  }
}

import type { TenantScope } from '@kivuko/assets'
import { type IncomingPayment, type IncomingPaymentsService, readIncomingPaymentUrl } from '@kivuko/incoming-payments'
import type { Receiver } from '@kivuko/payment-methods'
import { type Clock, type Config, type Db, DomainError } from '@kivuko/platform'
import type { WalletAddressesService } from '@kivuko/wallet-addresses'
import { invalidReceiver, unknownReceiver } from '../errors.js'
import { noteAsked, wasAsked } from './asked-receivers.queries.js'
import { RemoteCallLimit } from './remote-call-limit.js'
import { checkAsset, type RemoteReceivers, type WantedReceiver } from './remote-receivers.js'

const RECEIVER_URL = /^https?:\/\/.+\/incoming-payments\/.+$/

/** Incoming payments by their URL, of this node (any tenant's) and of others. */
export class ReceiversService {
  private readonly calls = new RemoteCallLimit()

  constructor(
    private readonly config: Pick<Config, 'openPaymentsUrl' | 'operatorTenantId'>,
    private readonly incomingPayments: IncomingPaymentsService,
    private readonly walletAddresses: WalletAddressesService,
    private readonly remote: RemoteReceivers,
    private readonly db: Db,
    private readonly clock: Clock,
  ) {}

  /** Throws `invalid` InvalidReceiver for what cannot be paid, `unavailable` ReceiverUnavailable for what may be later. */
  get(url: string): Promise<Receiver> {
    return this.find(url, () => this.remote.get(url))
  }

  /** The same for a caller: `limited` TooManyCalls while its tenant has too many calls to other servers under way. */
  getFor(tenantId: string, url: string): Promise<Receiver> {
    return this.find(url, () => this.callFor(tenantId, () => this.remote.get(url)))
  }

  /** Asks for money at a wallet address, here or at another server. `tenantId` undefined: for the operator. */
  async create(tenantId: TenantScope, wanted: WantedReceiver): Promise<Receiver> {
    const { walletAddressUrl, incomingAmount, expiresAt, metadata } = wanted
    const wallet = await this.walletAddresses.byUrl(walletAddressUrl)
    if (wallet === undefined) return this.createElsewhere(tenantId, wanted)
    checkAsset(incomingAmount, wallet.asset, walletAddressUrl)
    const payment = await this.incomingPayments.create({
      tenantId: wallet.tenantId,
      walletAddressId: wallet.id,
      incomingAmount: incomingAmount?.value,
      expiresAt,
      metadata,
      initiatedBy: 'ADMIN',
    })
    return this.receiverOf(payment)
  }

  /** No more money is expected. A tenant completes what is its own: here, or what it asked for at another server. */
  async complete(tenantId: TenantScope, url: string): Promise<Receiver> {
    const local = readIncomingPaymentUrl(this.config.openPaymentsUrl, url)
    if (local === undefined) return this.completeElsewhere(tenantId, url)
    if (tenantId !== undefined && tenantId !== local.tenantId) throw unknownReceiver(url, 'it is not of this tenant')
    return this.receiverOf(await this.incomingPayments.complete(local.tenantId, local.id))
  }

  private callFor(tenantId: TenantScope, call: () => Promise<Receiver>): Promise<Receiver> {
    return this.calls.run(tenantId ?? this.config.operatorTenantId, call)
  }

  private async find(url: string, findElsewhere: () => Promise<Receiver>): Promise<Receiver> {
    if (!RECEIVER_URL.test(url)) throw invalidReceiver(url, 'it is not the URL of an incoming payment')
    const local = readIncomingPaymentUrl(this.config.openPaymentsUrl, url)
    if (local === undefined) return findElsewhere()
    try {
      return await this.receiverOf(await this.incomingPayments.forSender(local.tenantId, local.id))
    } catch (error) {
      const isUnknown = error instanceof DomainError && error.kind === 'not-found'
      throw isUnknown ? invalidReceiver(url, 'there is no such incoming payment', { cause: error }) : error
    }
  }

  private async createElsewhere(tenantId: TenantScope, wanted: WantedReceiver): Promise<Receiver> {
    const receiver = await this.callFor(tenantId, () => this.remote.create(wanted))
    if (tenantId !== undefined) {
      await noteAsked(this.db, tenantId, receiver.incomingPaymentUrl, this.clock.now())
    }
    return receiver
  }

  private async completeElsewhere(tenantId: TenantScope, url: string): Promise<Receiver> {
    if (!RECEIVER_URL.test(url)) throw unknownReceiver(url, 'it is not the URL of an incoming payment')
    if (tenantId !== undefined && !(await wasAsked(this.db, tenantId, url))) {
      throw unknownReceiver(url, 'it was not asked for by this tenant')
    }
    return this.callFor(tenantId, () => this.remote.complete(url))
  }

  private async receiverOf(payment: IncomingPayment): Promise<Receiver> {
    const wallet = await this.walletAddresses.get(payment.tenantId, payment.walletAddressId)
    const { code, scale } = this.incomingPayments.assetOf(payment)
    return {
      incomingPaymentUrl: this.incomingPayments.url(payment),
      walletAddressUrl: wallet.address,
      asset: { code, scale },
      receivedAmount: payment.receivedAmount,
      completed: payment.state === 'COMPLETED',
      expiresAt: payment.expiresAt,
      createdAt: payment.createdAt,
      local: { incomingPaymentId: payment.id, tenantId: payment.tenantId, row: payment },
      ...(payment.incomingAmount !== null && { incomingAmount: payment.incomingAmount }),
      ...(payment.metadata !== null && { metadata: payment.metadata }),
    }
  }
}

import { available, idFromUuid, type Ledger } from '@kivuko/accounting'
import { type Asset, type AssetsService, EventLiquidity, isUuid, type TenantScope } from '@kivuko/assets'
import {
  assert,
  BatchedReads,
  type Clock,
  type Config,
  type DataSource,
  type JobQueue,
  type Logger,
  messageOf,
  newRowId,
  type Page,
  type PageRequest,
  type Queries,
} from '@kivuko/platform'
import type { WalletAddressesService } from '@kivuko/wallet-addresses'
import type { WebhooksService } from '@kivuko/webhooks'
import { approvedByOperator } from './approval.js'
import type { IncomingPaymentClosing } from './closing.js'
import { SETTLING_MS } from './closing.js'
import {
  inactiveWalletAddress,
  invalidExpiry,
  invalidIncomingAmount,
  unknownIncomingPayment,
  wrongIncomingPaymentState,
} from './errors.js'
import type { HeldPayments } from './held-payments.js'
import type { IncomingPayment, Initiator } from './incoming-payment.entity.js'
import { incomingPaymentUrl } from './incoming-payment-url.js'
import {
  dueIncomingPaymentIds,
  insertIncomingPayment,
  readIncomingPayments,
  readIncomingPaymentsPage,
  readIncomingPaymentsPages,
} from './incoming-payments.queries.js'
import { isOpen, stateAfter } from './lifecycle.js'
import type { RecentRows } from './recent-rows.js'
import type { StreamServers } from './stream-servers.js'
import { incomingPaymentPayload } from './webhook-payload.js'

/** The queue this room rings; the worker answers with `settle(id)`. */
export const INCOMING_PAYMENTS_QUEUE = 'incoming-payments'

export interface NewIncomingPayment {
  readonly tenantId: string
  readonly walletAddressId: string
  /** In minor units of the wallet address' asset; left out, any amount is taken until the expiry. */
  readonly incomingAmount?: bigint
  readonly expiresAt?: Date
  readonly metadata?: Record<string, unknown>
  readonly client?: string
  readonly initiatedBy: Initiator
  /** Whose payment is expected, where the operator knows. */
  readonly senderWalletAddress?: string
}

/** `timeoutSeconds` 0: final at once. `call` as in EventWithdrawal. */
export interface IncomingPaymentWithdrawal {
  readonly tenantId: TenantScope
  readonly id: string
  readonly timeoutSeconds: bigint
  readonly call?: string
}

/** Where a sender pays: a STREAM address and its secret. */
export interface StreamCredentials {
  readonly ilpAddress: string
  readonly sharedSecret: Buffer
}

export interface IncomingPaymentsParts {
  readonly config: Config
  readonly clock: Clock
  readonly log: Logger
  readonly dataSource: DataSource
  readonly grouped: Queries
  readonly ledger: Ledger
  readonly assets: AssetsService
  readonly walletAddresses: WalletAddressesService
  readonly webhooks: WebhooksService
  readonly jobs: JobQueue
  readonly heldPayments: HeldPayments
  readonly servers: StreamServers
  readonly closing: IncomingPaymentClosing
  readonly recent: RecentRows
}

// Payment rows hold unsigned 64-bit amounts, as packets do.
const MAX_AMOUNT = 2n ** 64n - 1n

// One sweep's worth: what is left is due at the next.
const MAX_DUE = 100

// A sender asks what became of its packets when they have expired, which none has so soon after the payment's making.
const NOTHING_LOST_MS = 2_000

/** Incoming payments: made at a door, paid by packets or local payments, ended by the last money, by hand, or by time. */
export class IncomingPaymentsService {
  private readonly liquidity: EventLiquidity
  private readonly rows: BatchedReads<string, IncomingPayment>

  constructor(private readonly parts: IncomingPaymentsParts) {
    this.rows = new BatchedReads((ids) => readIncomingPayments(parts.dataSource.manager, ids))
    this.liquidity = new EventLiquidity(parts.ledger)
  }

  async create(input: NewIncomingPayment): Promise<IncomingPayment> {
    const { grouped, webhooks, walletAddresses } = this.parts
    const wallet = await walletAddresses.get(input.tenantId, input.walletAddressId)
    if (wallet.deactivatedAt !== null) throw inactiveWalletAddress(wallet.address)
    const payment = this.draft(input, wallet.asset)
    const created = webhooks.prepare({
      tenantId: payment.tenantId,
      type: 'incoming_payment.created',
      data: incomingPaymentPayload(payment, wallet.asset),
      resource: payment.id,
    })
    const isOurs = await insertIncomingPayment(grouped, payment, created)
    this.parts.recent.add(Object.freeze({ ...payment }))
    await Promise.all([this.openAccount(payment), webhooks.deliver(created, isOurs)])
    return this.approved(payment)
  }

  /** For who is about to pay it: a row that stands as this process wrote it is not read again. */
  async forSender(tenantId: TenantScope, id: string): Promise<IncomingPayment> {
    const payment = this.parts.recent.find(id.toLowerCase())
    const isVisible = payment !== undefined && (tenantId === undefined || tenantId === payment.tenantId)
    return isVisible ? { ...payment } : this.get(tenantId, id)
  }

  /** `tenantId` undefined: of any tenant, for the operator and for what happens inside the node. */
  async get(tenantId: TenantScope, id: string): Promise<IncomingPayment> {
    const payment = isUuid(id) ? await this.rows.find(id.toLowerCase()) : undefined
    const isVisible = payment !== undefined && (tenantId === undefined || tenantId === payment.tenantId)
    if (!isVisible) throw unknownIncomingPayment(id)
    // Others who asked at the same time have their own.
    return { ...payment }
  }

  /**
   * The payment with all that the ledger has credited, which its row follows and falls behind when a process is killed
   * in between: whoever has lost answers to its packets goes by what it is told here.
   */
  async asCredited(payment: IncomingPayment): Promise<IncomingPayment> {
    const { clock, closing } = this.parts
    if (clock.nowMs() - payment.createdAt.getTime() < NOTHING_LOST_MS) return payment
    const received = await closing.creditedAmount(payment.id)
    if (received <= payment.receivedAmount) return payment
    const state = stateAfter(payment.state, received, payment.incomingAmount)
    return { ...payment, receivedAmount: received, state }
  }

  list(
    scope: { tenantId: TenantScope; walletAddressId?: string; client?: string; initiatedBy?: Initiator },
    page: PageRequest = {},
  ): Promise<Page<IncomingPayment>> {
    return readIncomingPaymentsPage(this.parts.dataSource.manager, scope, page)
  }

  /** The same page for several wallet addresses that the caller may see, at once. */
  listOf(
    scope: { readonly walletAddressIds: readonly string[]; readonly initiatedBy?: Initiator },
    page: PageRequest = {},
  ): Promise<ReadonlyMap<string, Page<IncomingPayment>>> {
    return readIncomingPaymentsPages(this.parts.dataSource.manager, scope, page)
  }

  url(payment: Pick<IncomingPayment, 'tenantId' | 'id'>): string {
    return incomingPaymentUrl(this.parts.config.openPaymentsUrl, payment)
  }

  assetOf({ assetId }: Pick<IncomingPayment, 'assetId'>): Asset {
    const asset = this.parts.assets.find(assetId)
    assert(asset !== undefined, `an incoming payment's asset is known (${assetId})`)
    return asset
  }

  /** New at every call, and every one stays valid; undefined once the payment takes no more money. */
  credentials(payment: IncomingPayment): StreamCredentials | undefined {
    if (!isOpen(payment.state) || payment.expiresAt.getTime() <= this.parts.clock.nowMs()) return undefined
    const { code, scale } = this.assetOf(payment)
    return this.parts.servers
      .of(payment.tenantId)
      .generateCredentials({ paymentTag: payment.id, asset: { code, scale } })
  }

  /** Closed by hand: no more money is expected, whatever is missing. */
  async complete(tenantId: TenantScope, id: string): Promise<IncomingPayment> {
    const payment = await this.get(tenantId, id)
    const isExpired = payment.expiresAt.getTime() <= this.parts.clock.nowMs()
    if (!isOpen(payment.state) || isExpired) {
      throw wrongIncomingPaymentState(id, isExpired ? 'EXPIRED' : payment.state, 'completed')
    }
    const received = await this.parts.closing.receivedAmount(id)
    if (await this.parts.closing.closeFirst(id, 'COMPLETED', received)) {
      await this.parts.jobs.ring(INCOMING_PAYMENTS_QUEUE, id, { delayMs: SETTLING_MS })
    }
    return this.get(tenantId, id)
  }

  /** Takes out what an ended payment received, once: it belongs to the final webhook event. */
  async withdraw({ tenantId, id, ...how }: IncomingPaymentWithdrawal): Promise<void> {
    const payment = await this.get(tenantId, id)
    if (payment.finalEventId === null) throw wrongIncomingPaymentState(id, payment.state, 'withdrawn from yet')
    await this.liquidity.withdraw(this.parts.heldPayments.asLiquidity(payment), {
      eventId: payment.finalEventId,
      amount: payment.receivedAmount,
      ...how,
    })
  }

  /** What the payments' accounts hold now, in one reading of the ledger; not yet opened ones are 0. */
  async liquidities(ids: readonly string[]): Promise<ReadonlyMap<string, bigint>> {
    const balances = await this.parts.ledger.balances(ids.map(idFromUuid))
    return new Map(
      ids.map((id) => {
        const balance = balances.get(idFromUuid(id))
        return [id, balance === undefined ? 0n : available(balance)]
      }),
    )
  }

  /** Rings for what is due; the sweep's one statement. */
  async sweep(): Promise<void> {
    const due = await dueIncomingPaymentIds(this.parts.dataSource.manager, this.parts.clock.now(), MAX_DUE)
    for (const id of due) await this.parts.jobs.ring(INCOMING_PAYMENTS_QUEUE, id)
  }

  /** The payment itself, unless the operator wants to see every one first. */
  private async approved(payment: IncomingPayment): Promise<IncomingPayment> {
    const { config, clock } = this.parts
    if (!config.pollIncomingPaymentCreatedWebhook) return payment
    const { incomingPaymentCreatedPollTimeoutMs: timeoutMs, incomingPaymentCreatedPollFrequencyMs: frequencyMs } =
      config
    return approvedByOperator(() => this.get(payment.tenantId, payment.id), { timeoutMs, frequencyMs }, clock)
  }

  // The payment stands; an account that the ledger does not open now is opened by the first money.
  private async openAccount(payment: IncomingPayment): Promise<void> {
    try {
      await this.parts.heldPayments.openAccount(payment)
    } catch (error) {
      this.parts.log.warn({ paymentId: payment.id, cause: messageOf(error) }, 'a ledger account is opened later')
    }
  }

  private draft(input: NewIncomingPayment, asset: Asset): IncomingPayment {
    const { incomingAmount = null, metadata = null, client = null, senderWalletAddress = null } = input
    if (incomingAmount !== null && (incomingAmount <= 0n || incomingAmount > MAX_AMOUNT)) {
      throw invalidIncomingAmount(incomingAmount, MAX_AMOUNT)
    }
    const now = this.parts.clock.now()
    const maximumMs = this.parts.config.incomingPaymentExpiryMaxMs
    const expiresAt = input.expiresAt ?? new Date(now.getTime() + maximumMs)
    const lifeMs = expiresAt.getTime() - now.getTime()
    if (!(lifeMs > 0 && lifeMs <= maximumMs)) throw invalidExpiry(expiresAt, now, maximumMs)
    return {
      id: newRowId(now.getTime()),
      tenantId: input.tenantId,
      walletAddressId: input.walletAddressId,
      assetId: asset.id,
      state: 'PENDING',
      incomingAmount,
      receivedAmount: 0n,
      expiresAt,
      metadata,
      client,
      initiatedBy: input.initiatedBy,
      senderWalletAddress,
      approvedAt: null,
      cancelledAt: null,
      cancellationReason: null,
      dueAt: new Date(expiresAt.getTime() + SETTLING_MS),
      finalEventId: null,
      completedAt: null,
      createdAt: now,
      updatedAt: now,
    }
  }
}

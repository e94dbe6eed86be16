import { idFromUuid, type Ledger } from '@kivuko/accounting'
import { type Clock, type Config, type DataSource, DomainError, type JobQueue } from '@kivuko/platform'
import type { WalletAddress, WalletAddressesService } from '@kivuko/wallet-addresses'
import type { WebhooksService } from '@kivuko/webhooks'
import type { StreamCredentials } from './incoming-payments.service.js'
import { JoinedRuns } from './joined-runs.js'
import type { StreamServers } from './stream-servers.js'
import { dueReports, lockDueReport, noteReported, scheduleReport } from './wallet-address-receipts.queries.js'

/** The queue this room rings for wallet addresses; the worker answers with `report(id)`. */
export const WALLET_ADDRESSES_QUEUE = 'wallet-addresses'

// One sweep's worth: what is left is due at the next.
const MAX_DUE = 100

/** RFC 39: by which a sender proves to a third party what arrived. */
export interface ReceiptSetup {
  readonly nonce: Buffer
  readonly secret: Buffer
}

export interface WalletAddressReceiptsParts {
  readonly config: Pick<Config, 'withdrawalThrottleDelayMs'>
  readonly clock: Clock
  readonly dataSource: DataSource
  readonly ledger: Ledger
  readonly walletAddresses: WalletAddressesService
  readonly webhooks: WebhooksService
  readonly jobs: JobQueue
  readonly servers: StreamServers
}

/** Money paid to wallet addresses themselves: how it is sent there, and how its operator hears of it. */
export class WalletAddressReceipts {
  private readonly schedules = new JoinedRuns()

  constructor(private readonly parts: WalletAddressReceiptsParts) {}

  /** New at every call, and every one stays valid. */
  credentials({ id, tenantId, asset }: WalletAddress, receiptSetup?: ReceiptSetup): StreamCredentials {
    const { code, scale } = asset
    return this.parts.servers
      .of(tenantId)
      .generateCredentials({ paymentTag: id, asset: { code, scale }, ...(receiptSetup && { receiptSetup }) })
  }

  /** After a credit: notes when it is to be reported. Credits that come meanwhile share the next reading of the ledger. */
  record(walletAddress: WalletAddress): Promise<void> {
    return this.schedules.run(walletAddress.id, () => this.schedule(walletAddress))
  }

  /** Tells the operator what is not reported yet, if that is due. Repeated, it tells nothing more. */
  async report(walletAddressId: string): Promise<void> {
    const { clock, dataSource, webhooks } = this.parts
    const walletAddress = await this.parts.walletAddresses.get(undefined, walletAddressId)
    const received = await this.received(walletAddressId)
    const isTold = await dataSource.transaction(async (db) => {
      const reported = await lockDueReport(db, walletAddressId, clock.now())
      if (reported === undefined) return false
      await noteReported(db, walletAddressId, received)
      if (received <= reported) return false
      const { id, tenantId } = walletAddress
      const data = reportPayload(walletAddress, received - reported)
      await webhooks.record(db, { tenantId, type: 'wallet_address.web_monetization', data, resource: id })
      return true
    })
    if (isTold) await webhooks.ring()
  }

  /** Rings for what is due; the sweep's one statement. */
  async sweep(): Promise<void> {
    const due = await dueReports(this.parts.dataSource.manager, this.parts.clock.now(), MAX_DUE)
    for (const id of due) await this.parts.jobs.ring(WALLET_ADDRESSES_QUEUE, id)
  }

  private async schedule({ id, asset }: WalletAddress): Promise<void> {
    const { config, clock, dataSource, jobs } = this.parts
    const rule = { threshold: asset.withdrawalThreshold, delayMs: config.withdrawalThrottleDelayMs }
    const received = await this.received(id)
    const isDue = await scheduleReport(dataSource.manager, id, received, rule, clock.now())
    if (isDue) await jobs.ring(WALLET_ADDRESSES_QUEUE, id)
  }

  private async received(walletAddressId: string): Promise<bigint> {
    const accountId = idFromUuid(walletAddressId)
    const balance = (await this.parts.ledger.balances([accountId])).get(accountId)
    if (balance === undefined) throw new DomainError('unavailable', 'NoAccount', 'The ledger account is not open yet')
    return balance.creditsPosted
  }
}

/** As Rafiki's webhooks carry it. */
function reportPayload({ id, createdAt, asset }: WalletAddress, amount: bigint): Record<string, unknown> {
  const receivedAmount = { value: amount.toString(), assetCode: asset.code, assetScale: asset.scale }
  return { walletAddress: { id, createdAt: createdAt.toISOString(), receivedAmount } }
}

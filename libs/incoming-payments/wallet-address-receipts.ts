import { idFromUuid, type Ledger } from '@kivuko/accounting'
import type { TenantScope } from '@kivuko/assets'
import { type Clock, type Config, type DataSource, DomainError, type JobQueue } from '@kivuko/platform'
import type { WalletAddress, WalletAddressesService } from '@kivuko/wallet-addresses'
import type { WebhooksService } from '@kivuko/webhooks'
import type { StreamCredentials } from './incoming-payments.service.js'
import { JoinedRuns } from './joined-runs.js'
import type { StreamServers } from './stream-servers.js'
import {
  dueReports,
  hastenReports,
  lockDueReport,
  notedReceipts,
  noteReported,
  scheduleReport,
} from './wallet-address-receipts.queries.js'

/** The queue this room rings for wallet addresses; the worker answers with `report(id)`. */
export const WALLET_ADDRESSES_QUEUE = 'wallet-addresses'

const PAGE = 256
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

// A sender sends hundreds of packets a second; whoever waits for the money hears of it in seconds at the earliest.
const REST_MS = 250

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
  private readonly schedules = new JoinedRuns(REST_MS)

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

  /** Tells the operator what is not reported yet, if that is due; whether it was. Repeated, it tells nothing more. */
  async report(walletAddressId: string): Promise<boolean> {
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
    return isTold
  }

  /** Tells of up to so many wallet addresses what is not reported yet, due or not. Returns how many were told of. */
  async reportNow(tenantId: TenantScope, limit: number): Promise<number> {
    const { clock, dataSource } = this.parts
    const ids = await hastenReports(dataSource.manager, tenantId, limit, clock.now())
    const told = await Promise.all(ids.map((id) => this.report(id)))
    return told.filter((isTold) => isTold).length
  }

  /**
   * A process that ended between the ledger's post and the note of it left money that nobody would be told of. Run once
   * at a start: reads the wallet addresses page by page and notes what the ledger has more.
   */
  async catchUp(): Promise<void> {
    const { dataSource, ledger, walletAddresses } = this.parts
    let afterId = FIRST_ID
    for (;;) {
      const ids = await walletAddresses.idsAfter(afterId, PAGE)
      const last = ids.at(-1)
      if (last === undefined) return
      const [noted, balances] = await Promise.all([
        notedReceipts(dataSource.manager, ids),
        ledger.balances(ids.map(idFromUuid)),
      ])
      const received = (id: string): bigint => balances.get(idFromUuid(id))?.creditsPosted ?? 0n
      const behind = ids.filter((id) => received(id) > (noted.get(id) ?? 0n))
      for (const id of behind) await this.record(await walletAddresses.get(undefined, id))
      afterId = last
    }
  }

  /** Rings for what is due; the sweep's one statement. */
  async sweep(): Promise<void> {
    const due = await dueReports(this.parts.dataSource.manager, this.parts.clock.now(), MAX_DUE)
    for (const id of due) await this.parts.jobs.ring(WALLET_ADDRESSES_QUEUE, id)
  }

  /** What was credited is noted before the database is closed. */
  beforeApplicationShutdown(): Promise<void> {
    return this.schedules.finish()
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

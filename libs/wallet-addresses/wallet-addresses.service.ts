import { randomUUID } from 'node:crypto'
import { idFromUuid, type Ledger } from '@kivuko/accounting'
import {
  type AssetsService,
  checkUuid,
  EventLiquidity,
  type EventWithdrawal,
  isUuid,
  Liquidity,
  type TenantScope,
} from '@kivuko/assets'
import { type Clock, type DataSource, type Db, DomainError, type Page, type PageRequest } from '@kivuko/platform'
import type { TenantsService } from '@kivuko/tenants'
import { readProperties } from './additional-property.js'
import { lookupForm, resolveAddress } from './address-url.js'
import { explainInsert, missingBaseUrl, nothingToWithdraw, unknownAsset, unknownWalletAddress } from './errors.js'
import {
  isActive,
  type NewWalletAddress,
  type WalletAddress,
  type WalletAddressChange,
  type WalletAddressWithdrawal,
} from './wallet-address.js'
import type { WalletAddressReading } from './wallet-address-reading.js'
import {
  insertWalletAddress,
  isAssetUsedByWalletAddress,
  lockWalletAddress,
  readWalletAddressesPage,
  updateWalletAddress,
  walletAddressIdsAfter,
} from './wallet-addresses.queries.js'

/** What another room does in the transaction that deactivates a wallet address. */
export type OnDeactivation = (db: Db, walletAddress: WalletAddress) => Promise<void>

export interface WalletAddressesParts {
  readonly dataSource: DataSource
  readonly reading: WalletAddressReading
  readonly assets: AssetsService
  readonly tenants: TenantsService
  readonly ledger: Ledger
  readonly clock: Clock
  /** A setting for development: addresses that start with http:// are taken too. */
  readonly allowHttp: boolean
}

export interface ReportedWithdrawal extends EventWithdrawal {
  readonly tenantId: TenantScope
  readonly id: string
}

/** Customers' wallet addresses. Those used last are in memory; rows come first, ledger accounts after commit. */
export class WalletAddressesService {
  private readonly money: Liquidity
  private readonly eventMoney: EventLiquidity
  private readonly onDeactivation: OnDeactivation[] = []

  constructor(private readonly parts: WalletAddressesParts) {
    this.money = new Liquidity(parts.ledger)
    this.eventMoney = new EventLiquidity(parts.ledger)
    parts.assets.refuseDeletionWhile('a wallet address', isAssetUsedByWalletAddress)
  }

  async create(input: NewWalletAddress): Promise<WalletAddress> {
    const { tenantId, assetId, publicName = null } = input
    const address = await this.resolve(tenantId, input.address)
    await this.checkAsset(tenantId, assetId)
    const additionalProperties = readProperties(input.additionalProperties ?? [])
    const row = { id: randomUUID(), tenantId, address, publicName, assetId, additionalProperties }
    const writing = this.parts.dataSource.transaction(async (db) => {
      await this.parts.assets.hold(db, tenantId, assetId)
      await insertWalletAddress(db, row)
    })
    await writing.catch((error: unknown) => {
      throw explainInsert(error, address)
    })
    return this.get(tenantId, row.id)
  }

  /** Deactivation takes hold at once; what other rooms asked to do with it happens in the same transaction. */
  async update(tenantId: TenantScope, id: string, change: WalletAddressChange): Promise<WalletAddress> {
    const { publicName, status } = change
    const additionalProperties = change.additionalProperties && readProperties(change.additionalProperties)
    const walletAddress = await this.get(tenantId, id)
    const { dataSource, reading, clock } = this.parts
    await dataSource.transaction(async (db) => {
      const row = await lockWalletAddress(db, id)
      if (row === null) throw unknownWalletAddress(id)
      const wasActive = isActive(row, clock.nowMs())
      if (status === 'INACTIVE' && wasActive) await this.runOnDeactivation(db, walletAddress)
      const deactivatedAt = deactivation(status, wasActive, clock.now())
      await updateWalletAddress(db, id, { publicName, deactivatedAt, additionalProperties })
      await reading.announce(db, id)
    })
    reading.forget(id)
    return this.get(tenantId, id)
  }

  /** Runs in the transaction of every deactivation: what an inactive wallet address means to a room above. */
  whenDeactivated(run: OnDeactivation): void {
    this.onDeactivation.push(run)
  }

  async get(tenantId: TenantScope, id: string): Promise<WalletAddress> {
    const found = isUuid(id) ? await this.parts.reading.find(id) : undefined
    if (found === undefined || (tenantId !== undefined && found.tenantId !== tenantId)) throw unknownWalletAddress(id)
    return found
  }

  /** Of any tenant, as anyone who knows the URL may ask; upper and lower case are the same. */
  async byUrl(url: string): Promise<WalletAddress | undefined> {
    const address = lookupForm(url)
    const found = address === undefined ? undefined : await this.parts.reading.findByAddress(address)
    // The addresses of a tenant that is no more are nobody's.
    return found !== undefined && (await this.parts.tenants.get(found.tenantId)) ? found : undefined
  }

  async list(tenantId: TenantScope, page: PageRequest = {}): Promise<Page<WalletAddress>> {
    const { dataSource, reading } = this.parts
    const found = await readWalletAddressesPage(dataSource.manager, tenantId, page)
    return { ...found, rows: await Promise.all(found.rows.map((row) => reading.toWalletAddress(row))) }
  }

  /** Ids of every tenant's wallet addresses, in their order, for a walk over all. */
  idsAfter(afterId: string, limit: number): Promise<string[]> {
    return walletAddressIdsAfter(this.parts.dataSource.manager, afterId, limit)
  }

  /** What was paid to the wallet address itself and not yet withdrawn; 0 for an account not yet opened. */
  async liquidity(id: string): Promise<bigint> {
    const held = await this.money.of([id])
    return held.get(id) ?? 0n
  }

  /** For several wallet addresses in one reading of the ledger. */
  liquidities(ids: readonly string[]): Promise<ReadonlyMap<string, bigint>> {
    return this.money.of(ids)
  }

  /** Takes out what a webhook event has reported, once. `id`: the wallet address. */
  async withdrawReported({ tenantId, id, ...withdrawal }: ReportedWithdrawal): Promise<void> {
    const account = this.parts.reading.account(await this.get(tenantId, id))
    await this.eventMoney.withdraw(account, withdrawal)
  }

  /**
   * Returns what it takes. Repeated with the same id while it stands, it takes nothing more and returns the same; a
   * withdrawal in two phases that has ended is refused with how.
   */
  async withdrawLiquidity(withdrawal: WalletAddressWithdrawal): Promise<bigint> {
    const { tenantId, walletAddressId, id, timeoutSeconds } = withdrawal
    checkUuid('The transfer id', id)
    const walletAddress = await this.get(tenantId, walletAddressId)
    const amount = withdrawal.amount ?? (await this.amountOfTransfer(id)) ?? (await this.liquidity(walletAddressId))
    if (amount <= 0n) throw nothingToWithdraw(walletAddressId)
    await this.money.withdraw(this.parts.reading.account(walletAddress), { id, amount, timeoutSeconds })
    return amount
  }

  private async amountOfTransfer(uuid: string): Promise<bigint | undefined> {
    const id = idFromUuid(uuid)
    return (await this.parts.ledger.lookup([id])).get(id)?.amount
  }

  private async resolve(tenantId: string, address: string): Promise<string> {
    const { walletAddressUrl } = await this.parts.tenants.settings(tenantId)
    if (walletAddressUrl === undefined) throw missingBaseUrl(tenantId)
    return resolveAddress(address, { baseUrl: walletAddressUrl, allowHttp: this.parts.allowHttp })
  }

  private async checkAsset(tenantId: string, assetId: string): Promise<void> {
    await this.parts.assets.get(tenantId, assetId).catch((error: unknown) => {
      throw error instanceof DomainError && error.kind === 'not-found' ? unknownAsset(assetId) : error
    })
  }

  private async runOnDeactivation(db: Db, walletAddress: WalletAddress): Promise<void> {
    for (const run of this.onDeactivation) await run(db, walletAddress)
  }
}

// Undefined leaves the column alone: a repeated deactivation keeps the time of the first.
function deactivation(status: WalletAddressChange['status'], wasActive: boolean, now: Date): Date | null | undefined {
  if (status === 'INACTIVE') return wasActive ? now : undefined
  return status === 'ACTIVE' ? null : undefined
}

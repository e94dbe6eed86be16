import { AccountCode, idFromUuid, type Ledger } from '@kivuko/accounting'
import {
  AccountOpening,
  type AccountOwner,
  type Asset,
  type AssetsService,
  isUnavailable,
  type LiquidityAccount,
} from '@kivuko/assets'
import type { ChangeFeed, DataSource, Db } from '@kivuko/platform'
import type { WalletAddressRow } from './wallet-address.entity.js'
import type { WalletAddress } from './wallet-address.js'
import { type Found, WalletAddressCache } from './wallet-address-cache.js'
import { markAccountsOpened, readUnopened, readWalletAddress } from './wallet-addresses.queries.js'

const TOPIC = 'wallet-addresses'
// About 5 MB; a node may have millions of customers, of which few are paid in the same hour.
const MAX_CACHED = 10_000
// Rows repaired in one go at the start.
const REPAIR_ROWS = 200

/** Reads wallet addresses, from memory where it can, and sees to it that each one's ledger account is open. */
export class WalletAddressReading {
  private readonly cache = new WalletAddressCache(MAX_CACHED)
  private readonly accounts: AccountOpening

  constructor(
    private readonly dataSource: DataSource,
    private readonly feed: ChangeFeed,
    ledger: Ledger,
    private readonly assets: AssetsService,
  ) {
    this.accounts = new AccountOpening(ledger, MAX_CACHED)
  }

  /** Follows changes, and opens the accounts of rows whose process ended before it did. */
  async start(): Promise<void> {
    this.feed.subscribe(TOPIC, (id) => this.cache.invalidate(id))
    for (let rows = await this.unopened(); rows.length > 0; rows = await this.unopened()) await this.openAccounts(rows)
  }

  /** Tells every process, once the caller's transaction commits, to read this row again. */
  announce(db: Db, id: string): Promise<void> {
    return this.feed.publish(db, TOPIC, id)
  }

  /** After the caller's commit; other processes hear of it through the feed. */
  forget(id: string): void {
    this.cache.invalidate(id)
  }

  async find(id: string): Promise<WalletAddress | undefined> {
    return this.cache.get(id) ?? this.cache.load(() => this.read({ id }))
  }

  async findByAddress(address: string): Promise<WalletAddress | undefined> {
    return this.cache.getByAddress(address) ?? this.cache.load(() => this.read({ address }))
  }

  async toWalletAddress(row: WalletAddressRow): Promise<WalletAddress> {
    const { id, tenantId, address, publicName, assetId, additionalProperties, deactivatedAt, createdAt } = row
    const asset = await this.assets.get(undefined, assetId)
    const assets = this.assets
    return Object.freeze({
      ...{ id, tenantId, address, publicName, assetId, additionalProperties, deactivatedAt, createdAt },
      // An asset's thresholds change; a wallet address held for long shows them as they are.
      get asset(): Asset {
        return assets.find(assetId) ?? asset
      },
    })
  }

  /** Its account, as money moves out of it. */
  account(walletAddress: WalletAddress): LiquidityAccount {
    return this.accounts.asLiquidity(owner(walletAddress))
  }

  private async read(where: { id: string } | { address: string }): Promise<Found | undefined> {
    const row = await readWalletAddress(this.dataSource.manager, where)
    if (row === null) return undefined
    return { walletAddress: await this.toWalletAddress(row), complete: row.accountOpened || (await this.tryOpen(row)) }
  }

  // A ledger that does not answer is no failure of the row; the next read tries again.
  private async tryOpen(row: WalletAddressRow): Promise<boolean> {
    try {
      await this.openAccounts([row])
      return true
    } catch (error) {
      if (isUnavailable(error)) return false
      throw error
    }
  }

  private unopened(): Promise<WalletAddressRow[]> {
    return readUnopened(this.dataSource.manager, REPAIR_ROWS)
  }

  private async openAccounts(rows: readonly WalletAddressRow[]): Promise<void> {
    const walletAddresses = await Promise.all(rows.map((row) => this.toWalletAddress(row)))
    await this.accounts.ensure(walletAddresses.map(owner))
    await markAccountsOpened(
      this.dataSource.manager,
      rows.map(({ id }) => id),
    )
  }
}

function owner({ id, asset }: WalletAddress): AccountOwner {
  const code = AccountCode.walletAddress
  return { id, asset, account: { id: idFromUuid(id), ledger: asset.ledger, code, limit: 'debits' } }
}

import type { Ledger } from '@kivuko/accounting'
import type { ChangeFeed, DataSource, Db } from '@kivuko/platform'
import { AccountOpening } from './account-opening.js'
import type { Asset, TenantScope } from './asset.js'
import { AssetMemory } from './asset-memory.js'
import { readAssets } from './assets.queries.js'
import { isUuid } from './checks.js'
import { unknownAsset } from './errors.js'
import { readFeesInForce, toFee } from './fees.queries.js'
import type { LiquidityAccount } from './liquidity.js'
import { TableMirror } from './table-mirror.js'

/** All assets in memory, each with its ledger accounts open. */
export class AssetRegistry {
  readonly memory = new AssetMemory()
  private readonly mirror: TableMirror
  private readonly accounts: AccountOpening

  constructor(
    private readonly dataSource: DataSource,
    feed: ChangeFeed,
    ledger: Ledger,
  ) {
    this.mirror = new TableMirror(feed, 'assets', (ids) => this.read(ids))
    this.accounts = new AccountOpening(ledger)
  }

  start(): Promise<void> {
    return this.mirror.start()
  }

  announce(db: Db, id: string): Promise<void> {
    return this.mirror.announce(db, id)
  }

  /** The asset as just committed, for any tenant; undefined once it is deleted. */
  async committed(id: string): Promise<Asset | undefined> {
    await this.mirror.refreshCommitted(id)
    return this.memory.find(id)
  }

  /** From memory; what memory does not know is looked for in the table, since another process may just have made it. */
  async required(tenantId: TenantScope, id: string): Promise<Asset> {
    if (this.memory.find(id) === undefined && isUuid(id)) await this.mirror.refreshCommitted(id)
    const asset = this.memory.find(id)
    if (asset === undefined || (tenantId !== undefined && asset.tenantId !== tenantId)) throw unknownAsset(id)
    return asset
  }

  /** The account of an asset's own, as money moves in and out of it. */
  account(asset: Asset): LiquidityAccount {
    const { accounts } = this
    const ensureOpen = () => accounts.ensureAssets([asset])
    return { id: asset.id, asset, ensureOpen, reopen: () => accounts.reopenAsset(asset) }
  }

  private async read(ids: readonly string[] | undefined): Promise<void> {
    const db = this.dataSource.manager
    const [rows, fees] = await Promise.all([readAssets(db, ids), readFeesInForce(db, ids)])
    const assets = rows.map((row) => this.memory.put(row))
    for (const fee of fees) this.memory.putFee(toFee(fee))
    await this.accounts.ensureAssets(assets)
  }
}

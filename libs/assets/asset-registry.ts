import { assetAccounts, type Ledger } from '@kivuko/accounting'
import type { ChangeFeed, DataSource, Db } from '@kivuko/platform'
import { openMissingAccounts } from './account-opening.js'
import type { Asset, TenantScope } from './asset.js'
import { AssetMemory } from './asset-memory.js'
import { readAssets } from './assets.queries.js'
import { isUuid } from './checks.js'
import { unknownAsset } from './errors.js'
import { readFeesInForce, toFee } from './fees.queries.js'
import { isLedgerUnavailable } from './liquidity-errors.js'
import { TableMirror } from './table-mirror.js'

const TOPIC = 'assets'

/** All assets in memory, equal to the table within a second in every process, each with its ledger accounts open. */
export class AssetRegistry {
  readonly memory = new AssetMemory()
  private readonly mirror = new TableMirror((ids) => this.read(ids))
  private readonly withOpenAccounts = new Set<string>()

  constructor(
    private readonly dataSource: DataSource,
    private readonly changeFeed: ChangeFeed,
    private readonly ledger: Ledger,
  ) {}

  /** Subscribed before the first read, so that no change falls between them. */
  async start(): Promise<void> {
    this.changeFeed.subscribe(TOPIC, (id) => this.mirror.refresh(id))
    await this.mirror.refresh()
  }

  /** Tells every process, once the caller's transaction commits, to read this asset again. */
  announce(db: Db, id: string): Promise<void> {
    return this.changeFeed.publish(db, TOPIC, id)
  }

  refresh(id: string): Promise<void> {
    return this.mirror.refresh(id)
  }

  /**
   * The committed asset as memory now has it. A ledger that does not answer yet is no failure of the row: its accounts are
   * opened as soon as it does.
   */
  async refreshed(id: string): Promise<Asset> {
    await this.mirror.refresh(id).catch((error: unknown) => {
      if (!isLedgerUnavailable(error)) throw error
    })
    return required(undefined, id, this.memory.find(id))
  }

  /** From memory; what memory does not know is looked for in the table, since another process may just have made it. */
  async required(tenantId: TenantScope, id: string): Promise<Asset> {
    if (this.memory.find(id) === undefined && isUuid(id)) await this.mirror.refresh(id)
    return required(tenantId, id, this.memory.find(id))
  }

  /** For a row whose accounts the ledger turned out to lack. */
  async reopenAccounts(asset: Asset): Promise<void> {
    this.withOpenAccounts.delete(asset.id)
    await this.openAccounts([asset])
  }

  private async read(ids: readonly string[] | undefined): Promise<void> {
    const db = this.dataSource.manager
    const [rows, fees] = await Promise.all([readAssets(db, ids), readFeesInForce(db, ids)])
    const assets = rows.map((row) => this.memory.put(row))
    for (const fee of fees) this.memory.putFee(toFee(fee))
    await this.openAccounts(assets)
  }

  private async openAccounts(assets: readonly Asset[]): Promise<void> {
    const unsure = assets.filter(({ id }) => !this.withOpenAccounts.has(id))
    if (unsure.length === 0) return
    await openMissingAccounts(this.ledger, unsure.map(assetAccounts))
    for (const { id } of unsure) this.withOpenAccounts.add(id)
  }
}

function required(tenantId: TenantScope, id: string, asset: Asset | undefined): Asset {
  if (asset === undefined || (tenantId !== undefined && asset.tenantId !== tenantId)) throw unknownAsset(id)
  return asset
}

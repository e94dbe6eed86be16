import { randomUUID } from 'node:crypto'
import type { Ledger } from '@kivuko/accounting'
import type { DataSource, Db, Page, PageRequest } from '@kivuko/platform'
import type { Asset, AssetChange, NewAsset, TenantScope } from './asset.js'
import type { AssetRegistry } from './asset-registry.js'
import {
  insertAsset,
  lockAsset,
  markAssetDeleted,
  readAssetsPage,
  reviveAsset,
  toAsset,
  updateAsset,
} from './assets.queries.js'
import { checkFee, checkNewAsset, checkThresholds } from './checks.js'
import { assetInUse, explainInsert, tooManyAssets, unknownAsset } from './errors.js'
import type { Fee, NewFee } from './fee.js'
import { insertFee, readFeesPages, toFee } from './fees.queries.js'
import { Liquidity, type LiquidityAccount, type LiquidityTransfer, type LiquidityWithdrawal } from './liquidity.js'

/** Which asset a liquidity call is about. */
export interface AssetOf {
  readonly tenantId: TenantScope
  readonly assetId: string
}

/** Tells whether a row of another room needs the asset; `db` is the deletion's transaction. */
export type AssetUse = (db: Db, assetId: string) => Promise<boolean>

// As many as the reference's ledger column counts; all are held in memory.
const MAX_ASSETS = 32_767

/** Assets, their fees and their liquidity. All assets are in memory; rows come first, ledger accounts after commit. */
export class AssetsService {
  private readonly money: Liquidity
  private readonly uses = new Map<string, AssetUse>()

  constructor(
    private readonly dataSource: DataSource,
    private readonly registry: AssetRegistry,
    ledger: Ledger,
  ) {
    this.money = new Liquidity(ledger)
  }

  /** Creating a deleted asset's code and scale again brings that asset back, with its id and its liquidity. */
  async create(asset: NewAsset): Promise<Asset> {
    checkNewAsset(asset)
    if (this.registry.memory.size >= MAX_ASSETS) throw tooManyAssets(MAX_ASSETS)
    const id = await this.dataSource
      .transaction((db) => this.reviveOrInsert(db, asset))
      .catch((error: unknown) => {
        throw explainInsert(error, asset)
      })
    await this.registry.committed(id)
    return this.registry.required(undefined, id)
  }

  async update(tenantId: TenantScope, id: string, change: AssetChange): Promise<Asset> {
    checkThresholds(change)
    await this.registry.required(tenantId, id)
    await this.dataSource.transaction(async (db) => {
      if (!(await updateAsset(db, id, change))) throw unknownAsset(id)
      await this.registry.announce(db, id)
    })
    await this.registry.committed(id)
    return this.registry.required(undefined, id)
  }

  /** Refused while a peer or a wallet address uses the asset. */
  async delete(tenantId: TenantScope, id: string): Promise<Asset> {
    const asset = await this.registry.required(tenantId, id)
    await this.dataSource.transaction(async (db) => {
      if (!(await lockAsset(db, id, 'delete'))) throw unknownAsset(id)
      await this.checkUnused(db, id)
      await markAssetDeleted(db, id)
      await this.registry.announce(db, id)
    })
    await this.registry.committed(id)
    return asset
  }

  /** Lets a room above refuse the deletion of assets its rows need; `user` is named in the refusal ("a peer"). */
  refuseDeletionWhile(user: string, isUsed: AssetUse): void {
    this.uses.set(user, isUsed)
  }

  /** Keeps the asset from being deleted until the caller's transaction, which is to refer to it, ends. */
  async hold(db: Db, tenantId: TenantScope, id: string): Promise<Asset> {
    const asset = await this.registry.required(tenantId, id)
    if (!(await lockAsset(db, id, 'use'))) throw unknownAsset(id)
    return asset
  }

  get(tenantId: TenantScope, id: string): Promise<Asset> {
    return this.registry.required(tenantId, id)
  }

  /** Of any tenant, from memory alone: for rows that refer to it. */
  find(id: string): Asset | undefined {
    return this.registry.memory.find(id)
  }

  /** Those of every tenant that are watched for running low, from memory alone. */
  withLiquidityThreshold(): Asset[] {
    return Array.from(this.registry.memory.all()).filter(({ liquidityThreshold }) => liquidityThreshold !== null)
  }

  /** From memory, of any tenant, deleted ones too: whose money a ledger number counts. */
  findByLedger(ledger: number): Asset | undefined {
    return this.registry.memory.findByLedger(ledger)
  }

  async byCodeAndScale(tenantId: string, code: string, scale: number): Promise<Asset | undefined> {
    return this.registry.memory.findByCode(tenantId, code, scale)
  }

  async list(tenantId: TenantScope, page: PageRequest = {}): Promise<Page<Asset>> {
    const found = await readAssetsPage(this.dataSource.manager, tenantId, page)
    return { ...found, rows: found.rows.map(toAsset) }
  }

  /** Fees are history: setting one ends the last one of its type, and past quotes keep theirs. */
  async setFee(fee: NewFee): Promise<Fee> {
    checkFee(fee)
    await this.registry.required(fee.tenantId, fee.assetId)
    const row = await this.dataSource.transaction(async (db) => {
      const inserted = await insertFee(db, { ...fee, id: randomUUID() })
      await this.registry.announce(db, fee.assetId)
      return inserted
    })
    await this.registry.committed(fee.assetId)
    return toFee(row)
  }

  /** The fee in force on payments sent in this asset, from memory. */
  sendingFee(assetId: string): Fee | undefined {
    return this.registry.memory.fee(assetId, 'SENDING')
  }

  /** Kept for the operator's books, like the reference; no payment is charged it. */
  receivingFee(assetId: string): Fee | undefined {
    return this.registry.memory.fee(assetId, 'RECEIVING')
  }

  /** All fees the asset ever had, newest first. */
  async fees(tenantId: TenantScope, assetId: string, page: PageRequest = {}): Promise<Page<Fee>> {
    await this.registry.required(tenantId, assetId)
    const found = await this.feesOf([assetId], page)
    return found.get(assetId) ?? { rows: [], hasNextPage: false, hasPreviousPage: false }
  }

  /** The same page for several assets that the caller may see, at once. */
  async feesOf(assetIds: readonly string[], page: PageRequest = {}): Promise<ReadonlyMap<string, Page<Fee>>> {
    const found = await readFeesPages(this.dataSource.manager, assetIds, page)
    return new Map([...found].map(([id, { rows, ...rest }]) => [id, { ...rest, rows: rows.map(toFee) }]))
  }

  /** What the asset's account holds for exchange; 0 for one not yet opened. */
  async liquidity(id: string): Promise<bigint> {
    const held = await this.money.of([id])
    return held.get(id) ?? 0n
  }

  /** For several assets in one reading of the ledger. */
  liquidities(ids: readonly string[]): Promise<ReadonlyMap<string, bigint>> {
    return this.money.of(ids)
  }

  async depositLiquidity(deposit: LiquidityTransfer & AssetOf): Promise<void> {
    await this.money.deposit(await this.account(deposit), deposit)
  }

  async withdrawLiquidity(withdrawal: LiquidityWithdrawal & AssetOf): Promise<void> {
    await this.money.withdraw(await this.account(withdrawal), withdrawal)
  }

  private async checkUnused(db: Db, id: string): Promise<void> {
    for (const [user, isUsed] of this.uses) {
      if (await isUsed(db, id)) throw assetInUse(id, user)
    }
  }

  private async account({ tenantId, assetId }: AssetOf): Promise<LiquidityAccount> {
    return this.registry.account(await this.registry.required(tenantId, assetId))
  }

  private async reviveOrInsert(db: Db, asset: NewAsset): Promise<string> {
    const revivedId = await reviveAsset(db, asset)
    const id = revivedId ?? randomUUID()
    if (revivedId === undefined) await insertAsset(db, { ...asset, id })
    await this.registry.announce(db, id)
    return id
  }
}

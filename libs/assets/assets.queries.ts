import { type Db, type Page, type PageRequest, readPage } from '@kivuko/platform'
import { IsNull } from 'typeorm'
import { AssetRow } from './asset.entity.js'
import type { Asset, AssetChange, NewAsset, TenantScope } from './asset.js'

export async function insertAsset(db: Db, asset: NewAsset & { readonly id: string }): Promise<void> {
  const { id, tenantId, code, scale, withdrawalThreshold = null, liquidityThreshold = null } = asset
  await db.insert(AssetRow, { id, tenantId, code, scale, withdrawalThreshold, liquidityThreshold })
}

/** Brings a deleted asset of the same code and scale back, with the new thresholds; its id, or undefined. */
export async function reviveAsset(db: Db, asset: NewAsset): Promise<string | undefined> {
  const { tenantId, code, scale, withdrawalThreshold = null, liquidityThreshold = null } = asset
  const revived = await db
    .createQueryBuilder()
    .update(AssetRow)
    .set({ withdrawalThreshold, liquidityThreshold, deletedAt: null, updatedAt: () => 'now()' })
    .where('tenantId = :tenantId and code = :code and scale = :scale', { tenantId, code, scale })
    .andWhere('deletedAt is not null')
    .returning('id')
    .execute()
  const [row]: { id: string }[] = revived.raw
  return row?.id
}

/** False when there is no such asset. */
export async function updateAsset(
  db: Db,
  id: string,
  { withdrawalThreshold, liquidityThreshold }: AssetChange,
): Promise<boolean> {
  const updated = await db.update(
    AssetRow,
    { id, deletedAt: IsNull() },
    { withdrawalThreshold, liquidityThreshold, updatedAt: () => 'now()' },
  )
  return updated.affected === 1
}

/** Keeps others from taking the asset into use, or from deleting it, until the transaction ends. False: no such asset. */
export async function lockAsset(db: Db, id: string, lock: 'use' | 'delete'): Promise<boolean> {
  const row = await db.findOne(AssetRow, {
    select: { id: true },
    where: { id, deletedAt: IsNull() },
    lock: { mode: lock === 'use' ? 'for_key_share' : 'pessimistic_write' },
  })
  return row !== null
}

export async function markAssetDeleted(db: Db, id: string): Promise<void> {
  await db.update(AssetRow, { id }, { deletedAt: () => 'now()', updatedAt: () => 'now()' })
}

export function readAssets(db: Db, ids: readonly string[] | undefined): Promise<AssetRow[]> {
  const query = db.createQueryBuilder(AssetRow, 'asset')
  if (ids !== undefined) query.where('asset.id = any(:ids)', { ids })
  return query.getMany()
}

export function readAssetsPage(db: Db, tenantId: TenantScope, page: PageRequest): Promise<Page<AssetRow>> {
  return readPage(db.createQueryBuilder(AssetRow, 'asset').where('asset.deletedAt is null'), page, { tenantId })
}

export function toAsset(row: AssetRow): Asset {
  const { id, tenantId, code, scale, ledger, withdrawalThreshold, liquidityThreshold, createdAt } = row
  return Object.freeze({ id, tenantId, code, scale, ledger, withdrawalThreshold, liquidityThreshold, createdAt })
}

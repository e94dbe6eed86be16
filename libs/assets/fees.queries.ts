import { type Db, type Page, type PageRequest, readPagesOf } from '@kivuko/platform'
import { FeeRow } from './fee.entity.js'
import type { Fee, NewFee } from './fee.js'

export async function insertFee(db: Db, fee: NewFee & { readonly id: string }): Promise<FeeRow> {
  const { id, tenantId, assetId, type, fixed, basisPoints } = fee
  await db.insert(FeeRow, { id, tenantId, assetId, type, fixed, basisPoints })
  return db.findOneByOrFail(FeeRow, { id })
}

/** The newest fee of each asset and type; of all assets when no ids are given. */
export function readFeesInForce(db: Db, assetIds: readonly string[] | undefined): Promise<FeeRow[]> {
  const query = db
    .createQueryBuilder(FeeRow, 'fee')
    .distinctOn(['fee.assetId', 'fee.type'])
    .orderBy('fee.assetId')
    .addOrderBy('fee.type')
    .addOrderBy('fee.sequence', 'DESC')
  if (assetIds !== undefined) query.where('fee.assetId = any(:assetIds)', { assetIds })
  return query.getMany()
}

export function readFeesPages(
  db: Db,
  assetIds: readonly string[],
  page: PageRequest,
): Promise<ReadonlyMap<string, Page<FeeRow>>> {
  return readPagesOf(db.createQueryBuilder(FeeRow, 'fee'), 'assetId', assetIds, page)
}

export function toFee({ id, tenantId, assetId, type, fixed, basisPoints, createdAt }: FeeRow): Fee {
  return Object.freeze({ id, tenantId, assetId, type, fixed, basisPoints, createdAt })
}

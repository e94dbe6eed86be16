import type { TenantScope } from '@kivuko/assets'
import { type Db, type Page, type PageRequest, readPage } from '@kivuko/platform'
import { In } from 'typeorm'
import { WalletAddressRow } from './wallet-address.entity.js'

export type NewWalletAddressRow = Pick<
  WalletAddressRow,
  'id' | 'tenantId' | 'address' | 'publicName' | 'assetId' | 'additionalProperties'
>

export async function insertWalletAddress(db: Db, row: NewWalletAddressRow): Promise<void> {
  await db.insert(WalletAddressRow, { ...row, accountOpened: false })
}

export function lockWalletAddress(db: Db, id: string): Promise<WalletAddressRow | null> {
  return db.findOne(WalletAddressRow, { where: { id }, lock: { mode: 'pessimistic_write' } })
}

export async function updateWalletAddress(
  db: Db,
  id: string,
  change: Partial<Pick<WalletAddressRow, 'publicName' | 'deactivatedAt' | 'additionalProperties'>>,
): Promise<void> {
  await db.update(WalletAddressRow, { id }, { ...change, updatedAt: () => 'now()' })
}

export function readWalletAddress(
  db: Db,
  where: { id: string } | { address: string },
): Promise<WalletAddressRow | null> {
  return db.findOneBy(WalletAddressRow, where)
}

/** Rows whose ledger account is not known to be open. */
export function readUnopened(db: Db, limit: number): Promise<WalletAddressRow[]> {
  return db.find(WalletAddressRow, { where: { accountOpened: false }, order: { id: 'ASC' }, take: limit })
}

export async function markAccountsOpened(db: Db, ids: readonly string[]): Promise<void> {
  await db.update(WalletAddressRow, { id: In([...ids]) }, { accountOpened: true })
}

export function readWalletAddressesPage(
  db: Db,
  tenantId: TenantScope,
  page: PageRequest,
): Promise<Page<WalletAddressRow>> {
  return readPage(db.createQueryBuilder(WalletAddressRow, 'wallet_address'), page, { tenantId })
}

/** The next ids in their order: for a walk over all. */
export async function walletAddressIdsAfter(db: Db, afterId: string, limit: number): Promise<string[]> {
  const rows: { id: string }[] = await db.query('select id from wallet_addresses where id > $1 order by id limit $2', [
    afterId,
    limit,
  ])
  return rows.map(({ id }) => id)
}

export async function isAssetUsedByWalletAddress(db: Db, assetId: string): Promise<boolean> {
  return db.existsBy(WalletAddressRow, { assetId })
}

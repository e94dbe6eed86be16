import { type Db, type Page, type PageRequest, readPage } from '@kivuko/platform'
import { In } from 'typeorm'
import type { TenantSetting } from './setting-keys.js'
import { TenantRow, TenantSettingRow } from './tenant.entity.js'

/** Writes the operator's row where there is none; answers the id of the operator that the database has. */
export async function upsertOperator(db: Db, id: string): Promise<string> {
  await db.query('insert into tenants (id, operator) values ($1, true) on conflict do nothing', [id])
  const { id: found } = await db.findOneByOrFail(TenantRow, { operator: true })
  return found
}

export function findTenants(db: Db): Promise<TenantRow[]> {
  return db.createQueryBuilder(TenantRow, 'tenant').where('tenant.deletedAt is null').getMany()
}

/** Deleted ones too. */
export function findTenant(db: Db, id: string): Promise<TenantRow | null> {
  return db.findOneBy(TenantRow, { id })
}

/** Deleted ones too. */
export function readTenantsPage(db: Db, page: PageRequest): Promise<Page<TenantRow>> {
  return readPage(db.createQueryBuilder(TenantRow, 'tenant'), page)
}

export async function insertTenant(db: Db, row: Partial<TenantRow>): Promise<void> {
  await db.insert(TenantRow, row)
}

/** False: there is no such tenant, or not any more. */
export async function updateTenant(db: Db, id: string, change: Partial<TenantRow>): Promise<boolean> {
  const { affected } = await db
    .createQueryBuilder()
    .update(TenantRow)
    .set({ ...change, updatedAt: () => 'now()' })
    .where('id = :id and deleted_at is null', { id })
    .execute()
  return affected === 1
}

/** The settings of one tenant, or of all. */
export function findSettings(db: Db, tenantId?: string): Promise<TenantSettingRow[]> {
  return db.findBy(TenantSettingRow, tenantId === undefined ? {} : { tenantId })
}

export function findSettingsOf(db: Db, tenantIds: readonly string[]): Promise<TenantSettingRow[]> {
  return db.findBy(TenantSettingRow, { tenantId: In([...tenantIds]) })
}

/** A key that is there already takes the new value. */
export async function upsertSettings(db: Db, tenantId: string, settings: readonly TenantSetting[]): Promise<void> {
  await db.query(
    `insert into tenant_settings (tenant_id, key, value)
     select $1, s.key, s.value from unnest($2::text[], $3::text[]) s (key, value)
     on conflict (tenant_id, key) do update set value = excluded.value`,
    [tenantId, settings.map(({ key }) => key), settings.map(({ value }) => value)],
  )
}

/** The name of the unique constraint or index that a statement broke, if that is why it failed. */
export function brokenUnique(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error) || error.code !== '23505') return undefined
  return 'constraint' in error ? String(error.constraint) : undefined
}

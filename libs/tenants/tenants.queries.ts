import type { Db } from '@kivuko/platform'
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

export function findTenant(db: Db, id: string): Promise<TenantRow | null> {
  return db
    .createQueryBuilder(TenantRow, 'tenant')
    .where('tenant.id = :id and tenant.deletedAt is null', { id })
    .getOne()
}

/** The settings of one tenant, or of all. */
export function findSettings(db: Db, tenantId?: string): Promise<TenantSettingRow[]> {
  return db.findBy(TenantSettingRow, tenantId === undefined ? {} : { tenantId })
}

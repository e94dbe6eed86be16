import { sealText } from '@kivuko/tenants'
import type { FreshDatabase } from './postgres.js'

/** The DB_ENCRYPTION_SECRET of every test node. */
export const ENCRYPTION_KEY = Buffer.alloc(32, 7)

export const INSERT_TENANT = 'insert into tenants (id, api_secret, webhook_secret) values ($1, $2, $3)'

/** The values of INSERT_TENANT: secrets sealed for their row. */
export function sealedTenant(id: string, apiSecret: string): string[] {
  const seal = (column: string, secret: string) => sealText(secret, ENCRYPTION_KEY, `tenants/${id}/${column}`)
  return [id, seal('apiSecret', apiSecret), seal('webhookSecret', `webhooks of ${id}`)]
}

/** A tenant's row, written before the node starts. */
export async function insertTenant(database: FreshDatabase, id: string, apiSecret = `secret of ${id}`): Promise<void> {
  await database.query(INSERT_TENANT, sealedTenant(id, apiSecret))
}

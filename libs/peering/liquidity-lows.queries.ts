import type { Db } from '@kivuko/platform'

/** The accounts that were told to be low, and not yet to be high again. */
export async function readLows(db: Db): Promise<ReadonlySet<string>> {
  const rows: { id: string }[] = await db.query('SELECT account_id AS id FROM liquidity_lows')
  return new Set(rows.map(({ id }) => id))
}

/** False when the account is marked already: of several who try, one succeeds. */
export async function markLow(db: Db, id: string, tenantId: string): Promise<boolean> {
  const rows: unknown[] = await db.query(
    'INSERT INTO liquidity_lows (account_id, tenant_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING account_id',
    [id, tenantId],
  )
  return rows.length === 1
}

/** False when the account was not marked: of several who try, one succeeds. */
export async function unmarkLow(db: Db, id: string): Promise<boolean> {
  const [, count]: [unknown[], number] = await db.query('DELETE FROM liquidity_lows WHERE account_id = $1', [id])
  return count === 1
}

/** An asset's or a peer's account whose owner was told that it is low. */
export interface LiquidityLow {
  readonly accountId: string
  readonly tenantId: string
  readonly since: Date
}

/** The latest first; a tenant's, or everybody's. */
export function latestLows(db: Db, tenantId: string | undefined, limit: number): Promise<LiquidityLow[]> {
  return db.query(
    `SELECT account_id AS "accountId", tenant_id AS "tenantId", since FROM liquidity_lows
      WHERE $1::uuid IS NULL OR tenant_id = $1 ORDER BY since DESC, account_id LIMIT $2`,
    [tenantId ?? null, limit],
  )
}

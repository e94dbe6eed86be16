import type { Db } from '@kivuko/platform'

// Longer than any incoming payment of a node that people run stays open.
const KEPT_DAYS = 90

/** Remembers that a tenant asked for this incoming payment of another node. Old ones go. */
export async function noteAsked(db: Db, tenantId: string, url: string, now: Date): Promise<void> {
  await db.query(
    `with forgotten as (delete from remote_receivers where created_at < $3::timestamptz - make_interval(days => $4))
     insert into remote_receivers (tenant_id, url, created_at) values ($1, $2, $3::timestamptz)
     on conflict do nothing`,
    [tenantId, url, now, KEPT_DAYS],
  )
}

export async function wasAsked(db: Db, tenantId: string, url: string): Promise<boolean> {
  const rows: unknown[] = await db.query('select 1 from remote_receivers where tenant_id = $1 and url = $2', [
    tenantId,
    url,
  ])
  return rows.length > 0
}

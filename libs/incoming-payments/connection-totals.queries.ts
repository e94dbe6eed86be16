import type { Db } from '@kivuko/platform'

export interface Additions {
  /** Each once; SHA-256 in hex. */
  readonly connectionIds: readonly string[]
  readonly amounts: readonly bigint[]
  readonly now: Date
  /** When the totals are forgotten, if nothing more is added. */
  readonly until: Date
}

// In the order of their keys, so that processes that add to the same totals wait for each other in turn. What is
// forgotten goes by the way, a few at a time.
const ADD = `
  with forgotten as (
    delete from stream_totals where connection_id in (
      select connection_id from stream_totals
      where expires_at < $3 and connection_id <> all (select decode(id, 'hex') from unnest($1::text[]) as added (id))
      order by expires_at limit 100 for update skip locked)
  )
  insert into stream_totals as totals (connection_id, total, expires_at)
  select decode(id, 'hex'), amount, $4 from unnest($1::text[], $2::numeric[]) as added (id, amount) order by 1
  on conflict (connection_id) do update set
    total = case when totals.expires_at < $3 then excluded.total else totals.total + excluded.total end,
    expires_at = excluded.expires_at
  returning encode(connection_id, 'hex') as id, total`

/** The totals after the additions. */
export async function addToTotals(db: Db, additions: Additions): Promise<ReadonlyMap<string, bigint>> {
  const { connectionIds, amounts, now, until } = additions
  const rows: { id: string; total: string }[] = await db.query(ADD, [connectionIds, amounts.map(String), now, until])
  return new Map(rows.map(({ id, total }) => [id, BigInt(total)]))
}

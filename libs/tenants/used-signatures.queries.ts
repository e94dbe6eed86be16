import type { Db } from '@kivuko/platform'

export interface SignatureClaim {
  /** 64 hex digits. */
  readonly digest: string
  readonly forgetAtMs: number
}

// Each call takes away twice as many expired rows as it adds: the table holds what was signed within the window, and what
// is left of a busier time goes at the next calls. No call waits for the disk: a crash of the database server forgets what
// was claimed in its last moments (three times wal_writer_delay, 0.6 s).
const CLAIM = `
  with quick as (select set_config('synchronous_commit', 'off', true)),
  expired as (
    delete from used_signatures where digest in (
      select digest from used_signatures where forget_at < $3 order by forget_at
      limit 2 * cardinality($1::bytea[]) for update skip locked
    )
  )
  insert into used_signatures (digest, forget_at)
  select claimed.digest, claimed.forget_at from quick, unnest($1::bytea[], $2::timestamptz[]) claimed (digest, forget_at)
  on conflict (digest) do nothing
  returning encode(digest, 'hex') as digest`

/** Writes down what is not written down yet; returns that, which nobody claimed before. One statement. */
export async function claimSignatures(
  db: Db,
  claims: readonly SignatureClaim[],
  now: Date,
): Promise<ReadonlySet<string>> {
  const digests = claims.map(({ digest }) => Buffer.from(digest, 'hex'))
  const forgetAt = claims.map(({ forgetAtMs }) => new Date(forgetAtMs))
  const rows: { digest: string }[] = await db.query(CLAIM, [digests, forgetAt, now])
  return new Set(rows.map(({ digest }) => digest))
}

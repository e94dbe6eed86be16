import type { Db, Queries } from '@kivuko/platform'

/** A remembered call; without an answer it is under way. */
export interface CallRow {
  readonly operation: string
  readonly requestHash: Buffer
  readonly answer: string | null
  readonly createdAt: Date
}

export interface CallClaim {
  readonly tenantId: string
  readonly key: string
  readonly operation: string
  readonly hash: Buffer
  readonly owner: string
  readonly now: Date
  readonly leaseUntil: Date
  /** Calls begun before this count no more. */
  readonly forgottenBefore: Date
}

// One statement: of several that come at once, one gets the row. A call whose process died is taken over only by a repeat
// of the same call; with other content it stays a conflict until its day is over.
const CLAIM = `
  insert into idempotency_keys as k (tenant_id, key, operation, request_hash, owner, lease_until, created_at)
  values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (tenant_id, key) do update set
    operation = excluded.operation, request_hash = excluded.request_hash, answer = null,
    owner = excluded.owner, lease_until = excluded.lease_until, created_at = excluded.created_at
  where k.created_at <= $8 or (
    k.answer is null and k.lease_until <= $7
    and k.operation = excluded.operation and k.request_hash = excluded.request_hash
  )
  returning 1`

/** True: the caller is the one to act. */
export async function claimCall(db: Queries, claim: CallClaim): Promise<boolean> {
  const { tenantId, key, operation, hash, owner, leaseUntil, now, forgottenBefore } = claim
  const values = [tenantId, key, operation, hash, owner, leaseUntil, now, forgottenBefore]
  const rows = await db.query(CLAIM, values)
  return rows.length === 1
}

export async function findCall(
  db: Db,
  { tenantId, key }: { readonly tenantId: string; readonly key: string },
): Promise<CallRow | undefined> {
  const [row]: CallRow[] = await db.query(
    `select operation, request_hash as "requestHash", answer, created_at as "createdAt"
     from idempotency_keys where tenant_id = $1 and key = $2`,
    [tenantId, key],
  )
  return row
}

export async function answerCall(db: Queries, call: CallKey, answer: string): Promise<void> {
  await db.query('update idempotency_keys set answer = $4 where tenant_id = $1 and key = $2 and owner = $3', [
    ...keyOf(call),
    answer,
  ])
}

export async function prolongCall(db: Db, call: CallKey, leaseUntil: Date): Promise<void> {
  await db.query('update idempotency_keys set lease_until = $4 where tenant_id = $1 and key = $2 and owner = $3', [
    ...keyOf(call),
    leaseUntil,
  ])
}

export async function forgetCall(db: Db, call: CallKey): Promise<void> {
  await db.query('delete from idempotency_keys where tenant_id = $1 and key = $2 and owner = $3', keyOf(call))
}

/** A call and who claimed it: only that one writes its end. */
export interface CallKey {
  readonly tenantId: string
  readonly key: string
  readonly owner: string
}

function keyOf({ tenantId, key, owner }: CallKey): string[] {
  return [tenantId, key, owner]
}

export async function deleteOldCalls(db: Db, before: Date, limit: number): Promise<number> {
  const [, deleted]: [unknown[], number] = await db.query(
    `delete from idempotency_keys where (tenant_id, key) in (
       select tenant_id, key from idempotency_keys where created_at < $1 order by created_at limit $2
     )`,
    [before, limit],
  )
  return deleted
}

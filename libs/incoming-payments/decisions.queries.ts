import type { Db } from '@kivuko/platform'

// Each is a compare-and-set: of two decisions at once, one stands.

/** True also when it was approved before. */
export function approveOpenPayment(db: Db, id: string, now: Date): Promise<boolean> {
  return changed(
    db,
    `update incoming_payments set approved_at = coalesce(approved_at, $2), updated_at = $2
     where id = $1 and state in ('PENDING', 'PROCESSING') and cancelled_at is null and expires_at > $2`,
    [id, now],
  )
}

/** Only before money came and before an approval. It expires with that: whoever looks at it sees no open payment. */
export function markCancelled(db: Db, id: string, reason: string | null, now: Date): Promise<boolean> {
  return changed(
    db,
    `update incoming_payments set cancelled_at = $2, cancellation_reason = $3, expires_at = $2, updated_at = $2
     where id = $1 and state = 'PENDING' and approved_at is null and cancelled_at is null and expires_at > $2`,
    [id, now, reason],
  )
}

export async function writeMetadata(db: Db, id: string, metadata: Record<string, unknown>, now: Date): Promise<void> {
  await db.query('update incoming_payments set metadata = $2, updated_at = $3 where id = $1', [id, metadata, now])
}

async function changed(db: Db, statement: string, values: unknown[]): Promise<boolean> {
  const [, affected]: [unknown[], number] = await db.query(statement, values)
  return affected === 1
}

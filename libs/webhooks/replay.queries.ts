import type { Db } from '@kivuko/platform'
import type { WebhookState } from './webhook-event.entity.js'

/** Which events to deliver once more; what is left out does not narrow. `from` is included, `to` is not. */
export interface ReplaySelection {
  readonly ids?: readonly string[]
  readonly types?: readonly string[]
  readonly states?: readonly WebhookState[]
  readonly from?: Date
  readonly to?: Date
}

// Rows per statement: keeps each one's locks short while a long range is replayed.
const CHUNK = 1_000

const REPLAY_CHUNK = `
  WITH chosen AS (
    SELECT id, sequence FROM webhook_events
    WHERE tenant_id = $1 AND sequence > $2
      AND ($3::uuid[] IS NULL OR id = ANY ($3)) AND ($4::text[] IS NULL OR type = ANY ($4))
      AND ($5::text[] IS NULL OR state = ANY ($5))
      AND ($6::timestamptz IS NULL OR created_at >= $6) AND ($7::timestamptz IS NULL OR created_at < $7)
    ORDER BY sequence LIMIT ${CHUNK} FOR UPDATE
  )
  UPDATE webhook_events e SET state = 'PENDING', attempts = 0, due_at = $8, lease = NULL
  FROM chosen WHERE e.id = chosen.id RETURNING e.sequence`

/** Makes the chosen events due at once with all their retries; a delivery under way is repeated. Returns how many. */
export async function replayEvents(db: Db, tenantId: string, selection: ReplaySelection, now: Date): Promise<number> {
  const { ids, types, states, from, to } = selection
  const filter = [ids ?? null, types ?? null, states ?? null, from ?? null, to ?? null]
  let replayed = 0
  let last = 0n
  for (;;) {
    const [rows]: [{ sequence: string }[], number] = await db.query(REPLAY_CHUNK, [tenantId, last, ...filter, now])
    replayed += rows.length
    if (rows.length < CHUNK) return replayed
    last = rows.reduce((max, { sequence }) => (BigInt(sequence) > max ? BigInt(sequence) : max), last)
  }
}

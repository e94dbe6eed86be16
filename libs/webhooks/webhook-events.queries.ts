import type { Db } from '@kivuko/platform'
import type { DeliveryOutcome } from './deliver.js'
import type { NewEvent } from './new-event.js'
import type { WebhookState } from './webhook-event.entity.js'

/** In a statement of its own. True: the event is the writer's to deliver. */
export async function insertEvent(db: Db, event: NewEvent): Promise<boolean> {
  const values: unknown[] = []
  const [row]: { isOurs: boolean }[] = await db.query(`SELECT ${event.call(values)} AS "isOurs"`, values)
  return row?.isOurs === true
}

/** An event that this process may now deliver, until its lease ends. */
export interface ClaimedEvent {
  readonly id: string
  readonly tenantId: string
  readonly type: string
  readonly resource: string
  readonly data: unknown
  readonly attempts: number
  readonly lease: string
}

export interface Claim {
  readonly now: Date
  readonly lease: string
  readonly leaseEndsAt: Date
  /** When to look again, at the earliest, at an event whose forerunner is not done. */
  readonly lookAgainAt: Date
  readonly perTenant: number
  readonly total: number
  /** How many more a tenant may have that has deliveries under way, or no receiver. */
  readonly free: ReadonlyMap<string, number>
}

export interface ClaimedBatch {
  readonly events: readonly ClaimedEvent[]
  /** Rows looked at, per tenant; a tenant at its limit may have more. */
  readonly seen: ReadonlyMap<string, number>
}

// Tenants with open events are found by skipping through the index; each gives its due rows up to its free places, so
// no tenant's backlog is in another's way. A due row that is not the first of its resource is put off until that one's
// own time, so that a long backlog is not read again at every claim. SKIP LOCKED: two workers never wait for each other.
const CLAIM = `
  WITH RECURSIVE tenant AS (
    (SELECT tenant_id AS id FROM webhook_events WHERE state = 'PENDING' ORDER BY tenant_id LIMIT 1)
    UNION ALL
    SELECT (SELECT e.tenant_id FROM webhook_events e
            WHERE e.state = 'PENDING' AND e.tenant_id > tenant.id ORDER BY e.tenant_id LIMIT 1)
    FROM tenant WHERE tenant.id IS NOT NULL
  ), due AS (
    SELECT e.* FROM tenant CROSS JOIN LATERAL (
      SELECT id, tenant_id, resource_key, sequence FROM webhook_events
      WHERE tenant_id = tenant.id AND state = 'PENDING' AND due_at <= $1
      ORDER BY due_at, sequence
      LIMIT coalesce((SELECT f.places FROM unnest($6::uuid[], $7::int[]) f (id, places) WHERE f.id = tenant.id), $5::int)
      FOR UPDATE SKIP LOCKED
    ) e
  ), fair AS (
    SELECT * FROM due ORDER BY row_number() OVER (PARTITION BY tenant_id ORDER BY sequence) LIMIT $8
  ), judged AS (
    SELECT fair.id, first.id AS first_id, greatest(CASE WHEN first.lease IS NULL THEN first.due_at END, $4) AS first_due_at
    FROM fair LEFT JOIN LATERAL (
      SELECT id, due_at, lease FROM webhook_events
      WHERE tenant_id = fair.tenant_id AND resource_key = fair.resource_key AND state = 'PENDING'
        AND sequence < fair.sequence
      ORDER BY sequence LIMIT 1
    ) first ON true
  )
  UPDATE webhook_events e SET
    lease = CASE WHEN judged.first_id IS NULL THEN $2::uuid END,
    attempts = e.attempts + CASE WHEN judged.first_id IS NULL THEN 1 ELSE 0 END,
    due_at = CASE WHEN judged.first_id IS NULL THEN $3 ELSE judged.first_due_at END
  FROM judged WHERE e.id = judged.id
  RETURNING e.id, e.tenant_id AS "tenantId", e.type, e.resource_key AS resource, e.data, e.attempts,
    e.lease`

type ClaimedRow = Omit<ClaimedEvent, 'lease'> & { readonly lease: string | null }

/** Takes what is due under a lease: one statement, no transaction stays open while the events are delivered. */
export async function claimDue(db: Db, claim: Claim): Promise<ClaimedBatch> {
  const { now, lease, leaseEndsAt, lookAgainAt, perTenant, free, total } = claim
  const [rows]: [ClaimedRow[], number] = await db.query(CLAIM, [
    now,
    lease,
    leaseEndsAt,
    lookAgainAt,
    perTenant,
    [...free.keys()],
    [...free.values()],
    total,
  ])
  const seen = new Map<string, number>()
  for (const { tenantId } of rows) seen.set(tenantId, (seen.get(tenantId) ?? 0) + 1)
  return { events: rows.flatMap((row) => (row.lease === null ? [] : [{ ...row, lease: row.lease }])), seen }
}

export interface Settlement {
  readonly id: string
  readonly lease: string
  readonly state: WebhookState
  readonly attempts: number
  readonly dueAt: Date
  readonly outcome: DeliveryOutcome
}

// Compare-and-set on the lease: an outcome that comes after its lease was given away changes nothing. An event that is
// done wakes the next one of its resource.
const SETTLE = `
  WITH settled AS (
    UPDATE webhook_events e SET
      state = o.state, attempts = o.attempts, due_at = o.due_at, lease = NULL, status_code = o.status_code,
      last_error = o.problem, delivered_at = CASE WHEN o.state = 'DELIVERED' THEN $8::timestamptz END
    FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::timestamptz[], $6::int[], $7::text[])
      o (id, lease, state, attempts, due_at, status_code, problem)
    WHERE e.id = o.id AND e.lease = o.lease
    RETURNING e.tenant_id, e.resource_key, e.sequence, e.state
  )
  UPDATE webhook_events n SET due_at = $8 FROM settled s
  WHERE s.state <> 'PENDING' AND n.lease IS NULL AND n.state = 'PENDING' AND n.id = (
    SELECT w.id FROM webhook_events w
    WHERE w.tenant_id = s.tenant_id AND w.resource_key = s.resource_key AND w.state = 'PENDING'
      AND w.sequence > s.sequence
    ORDER BY w.sequence LIMIT 1
  )`

/** Writes the outcomes of deliveries in one statement; returns how many waiting events became due by it. */
export async function settle(db: Db, settlements: readonly Settlement[], now: Date): Promise<number> {
  const [, woken]: [unknown[], number] = await db.query(SETTLE, [
    settlements.map((s) => s.id),
    settlements.map((s) => s.lease),
    settlements.map((s) => s.state),
    settlements.map((s) => s.attempts),
    settlements.map((s) => s.dueAt),
    settlements.map((s) => s.outcome.statusCode ?? null),
    settlements.map((s) => s.outcome.problem ?? null),
    now,
  ])
  return woken
}

export async function deleteDelivered(db: Db, before: Date, limit: number): Promise<number> {
  const [, deleted]: [unknown[], number] = await db.query(
    `DELETE FROM webhook_events WHERE id IN (
       SELECT id FROM webhook_events WHERE state = 'DELIVERED' AND delivered_at < $1
       ORDER BY delivered_at LIMIT $2 FOR UPDATE SKIP LOCKED
     )`,
    [before, limit],
  )
  return deleted
}

import type { DataSource, Db } from '@kivuko/platform'
import { DomainError } from '@kivuko/platform'

/** One thing that happened to a payment. `detail` says more where there is more to say. */
export interface TimelineStep {
  readonly at: Date
  readonly step: string
  readonly detail?: string
}

interface StepRow {
  readonly at: Date
  readonly step: string
  readonly detail: string | null
}

/** Everything recorded about one outgoing payment, in order of time: its quote, its own steps, its webhooks. */
export class PaymentTimeline {
  constructor(private readonly dataSource: DataSource) {}

  /** Throws not-found when the tenant has no such payment. */
  async of(tenantId: string, paymentId: string): Promise<TimelineStep[]> {
    const rows = await stepRows(this.dataSource.manager, tenantId, paymentId)
    if (rows.length === 0) {
      throw new DomainError(
        'not-found',
        'UnknownPayment',
        `there is no outgoing payment ${paymentId}; list them to find its id`,
      )
    }
    return rows.map(({ at, step, detail }) => (detail === null ? { at, step } : { at, step, detail }))
  }
}

async function stepRows(db: Db, tenantId: string, paymentId: string): Promise<StepRow[]> {
  return db.query(
    `SELECT at, step, detail FROM (
       SELECT q.created_at AS at, 'quoted' AS step, 'for ' || q.receiver AS detail, 0 AS rank, 0 AS sequence
         FROM quotes q JOIN outgoing_payments p ON p.id = q.id WHERE p.tenant_id = $1 AND p.id = $2
       UNION ALL
       SELECT e.at, e.step, e.cause, 1, e.sequence
         FROM outgoing_payment_events e JOIN outgoing_payments p ON p.id = e.payment_id
        WHERE p.tenant_id = $1 AND p.id = $2
       UNION ALL
       SELECT w.delivered_at, 'webhook delivered', w.type || ', attempt ' || w.attempts, 2, w.sequence
         FROM outgoing_payments p JOIN webhook_events w ON w.id IN (p.created_event_id, p.ended_event_id)
        WHERE p.tenant_id = $1 AND p.id = $2 AND w.delivered_at IS NOT NULL
     ) AS steps
     ORDER BY at, rank, sequence`,
    [tenantId, paymentId],
  )
}

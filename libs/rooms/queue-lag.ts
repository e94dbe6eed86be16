import type { Clock, DataSource, Metrics } from '@kivuko/platform'

/** How long the oldest row of each queue has been due, in ms; 0: none is, or none for a moment only. */
export type QueueLags = Readonly<Record<string, number>>

// Each is one look at the beginning of an index, however many rows wait. A lease under way is due when it ends.
const OLDEST_DUE: Readonly<Record<string, string>> = {
  'outgoing-payments': 'select due_at from outgoing_payments where due_at is not null order by due_at limit 1',
  'incoming-payments': 'select due_at from incoming_payments where due_at is not null order by due_at limit 1',
  webhooks: `select min(oldest.due_at) as due_at from tenants cross join lateral (
    select due_at from webhook_events where tenant_id = tenants.id and state = 'PENDING' order by due_at limit 1) as oldest`,
}

/** What the workers are behind with, as the rows have it: the truth for every process, whatever the queue runs on. */
export class QueueLag {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  async lags(): Promise<QueueLags> {
    const parts = Object.entries(OLDEST_DUE).map(([queue, sql]) => `select '${queue}' as queue, (${sql}) as due_at`)
    const rows: { queue: string; due_at: Date | null }[] = await this.dataSource.query(parts.join(' union all '))
    const nowMs = this.clock.nowMs()
    return Object.fromEntries(
      rows.map(({ queue, due_at: dueAt }) => [queue, dueAt === null ? 0 : Math.max(nowMs - dueAt.getTime(), 0)]),
    )
  }
}

/** Asked for whenever the metrics are: no timer of its own. */
export function tellQueueLag(metrics: Metrics, lag: Pick<QueueLag, 'lags'>): void {
  const seconds = metrics.gauge('kivuko_queue_lag_seconds', 'How long the oldest row has been due, by queue', ['queue'])
  metrics.beforeText(async () => {
    for (const [queue, lagMs] of Object.entries(await lag.lags())) seconds.labels(queue).set(lagMs / 1_000)
  })
}

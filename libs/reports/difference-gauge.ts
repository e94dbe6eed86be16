import type { DataSource, Metrics } from '@kivuko/platform'
import { differenceKinds } from './difference-kinds.js'

/** Counted when the metrics are asked for, from the open rows alone. */
export function registerOpenDifferencesGauge(metrics: Metrics, dataSource: Pick<DataSource, 'query'>): void {
  const gauge = metrics.gauge(
    'ilp_connector_open_book_differences',
    'Packets that peers may count otherwise, by kind',
    ['kind'],
  )
  metrics.beforeText(async () => {
    const rows: { kind: string; count: number }[] = await dataSource.query(
      'SELECT kind, count(*)::int AS count FROM book_differences WHERE closed_at IS NULL GROUP BY kind',
    )
    const counts = new Map(rows.map(({ kind, count }) => [kind, count]))
    for (const kind of differenceKinds) gauge.labels(kind).set(counts.get(kind) ?? 0)
  })
}

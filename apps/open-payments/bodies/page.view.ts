import type { Page } from '@kivuko/platform'

/** A list as Open Payments answers it; cursors are ids, and absent from an empty page. */
export function pageView<Row extends { readonly id: string }, View>(
  { rows, hasNextPage, hasPreviousPage }: Page<Row>,
  view: (row: Row) => View,
) {
  const [first] = rows
  const last = rows.at(-1)
  const cursors = first && last && { startCursor: first.id, endCursor: last.id }
  return { pagination: { ...cursors, hasNextPage, hasPreviousPage }, result: rows.map(view) }
}

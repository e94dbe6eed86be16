import type { Page } from '@kivuko/platform'

/** A list in Relay's shape; cursors are the ids of rows. */
export interface Connection<Node> {
  readonly edges: readonly { readonly node: Node; readonly cursor: string }[]
  readonly pageInfo: {
    readonly startCursor: string | null
    readonly endCursor: string | null
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
  }
}

export function connectionOf<Row extends { readonly id: string }, Node>(
  { rows, hasNextPage, hasPreviousPage }: Page<Row>,
  view: (row: Row) => Node,
): Connection<Node> {
  return {
    edges: rows.map((row) => ({ node: view(row), cursor: row.id })),
    pageInfo: {
      startCursor: rows.at(0)?.id ?? null,
      endCursor: rows.at(-1)?.id ?? null,
      hasNextPage,
      hasPreviousPage,
    },
  }
}

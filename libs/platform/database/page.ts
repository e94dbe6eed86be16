import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm'
import { DomainError } from '../errors.js'

/** Which page of a list: cursors are row ids. `after` wins over `before`; `last` needs `before` (Relay's words, Rafiki's rules). */
export interface PageRequest {
  readonly first?: number | null
  readonly last?: number | null
  readonly after?: string | null
  readonly before?: string | null
  readonly sortOrder?: SortOrder | null
}

export type SortOrder = 'ASC' | 'DESC'

export interface Page<Row> {
  readonly rows: Row[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
}

/** What every listed table has, with an index on (its scope…, created_at, id). */
export interface Listed extends ObjectLiteral {
  id: string
  createdAt: Date
}

// A list without a stated length is short, and no caller can ask for one that hurts others.
const DEFAULT_PAGE_ROWS = 20
const MAX_PAGE_ROWS = 100

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * Reads one page ordered by (createdAt, id), newest first unless asked otherwise. `scope` (property → value, undefined
 * ignored) narrows the rows and the cursor alike, so that a cursor of someone else's row finds nothing.
 */
export async function readPage<Row extends Listed>(
  query: SelectQueryBuilder<Row>,
  request: PageRequest = {},
  scope?: Readonly<Partial<Record<keyof Row & string, string | undefined>>>,
): Promise<Page<Row>> {
  const narrowed: Readonly<Record<string, string | undefined>> = { ...scope }
  const wanted = planPage(request)
  narrow(query, narrowed)
  const rows = await beyond(query.clone(), wanted, narrowed)
    .limit(wanted.limit + 1)
    .getMany()
  const more = rows.length > wanted.limit
  const kept = rows.slice(0, wanted.limit)
  const [edge] = kept
  const behind =
    wanted.cursor !== undefined && edge !== undefined && (await hasRowsBehind(query, wanted, narrowed, edge.id))
  return wanted.backward
    ? { rows: kept.reverse(), hasNextPage: behind, hasPreviousPage: more }
    : { rows: kept, hasNextPage: more, hasPreviousPage: behind }
}

/** The page request checked: how many rows, from which cursor, in which direction through the table. */
export interface PagePlan {
  readonly limit: number
  readonly cursor: string | undefined
  readonly backward: boolean
  readonly order: SortOrder
}

/** Pure part of readPage: applies Rafiki's rules for first, last, after and before. */
export function planPage({ first, last, after, before, sortOrder }: PageRequest): PagePlan {
  if (typeof last === 'number' && typeof before !== 'string') {
    throw invalidPage(
      "Can't paginate backwards from the start.",
      '"last" needs "before": give the id of a row to end at',
    )
  }
  const forwardRows = rowCount('first', first)
  const backwardRows = rowCount('last', last)
  const order = sortOrder ?? 'DESC'
  if (typeof after === 'string') {
    return { limit: forwardRows, cursor: checkCursor('after', after), backward: false, order }
  }
  if (typeof before === 'string') {
    return { limit: backwardRows, cursor: checkCursor('before', before), backward: true, order: opposite(order) }
  }
  return { limit: forwardRows, cursor: undefined, backward: false, order }
}

function rowCount(name: 'first' | 'last', value: number | null | undefined): number {
  const rows = value || DEFAULT_PAGE_ROWS
  if (!Number.isInteger(rows) || rows < 0 || rows > MAX_PAGE_ROWS) {
    throw invalidPage(
      'Pagination index error',
      `"${name}" must be a whole number up to ${MAX_PAGE_ROWS}, found ${rows}`,
    )
  }
  return rows
}

function checkCursor(name: 'after' | 'before', cursor: string): string {
  if (UUID.test(cursor)) return cursor
  throw invalidPage(
    'Pagination index error',
    `"${name}" must be the id of a listed row, found "${cursor.slice(0, 64)}"`,
  )
}

function invalidPage(message: string, next: string): DomainError {
  return new DomainError('invalid', 'InvalidPage', `${message} (${next})`)
}

function opposite(order: SortOrder): SortOrder {
  return order === 'ASC' ? 'DESC' : 'ASC'
}

function narrow<Row extends Listed>(
  query: SelectQueryBuilder<Row>,
  scope: Readonly<Record<string, string | undefined>>,
): void {
  for (const [property, value] of Object.entries(scope)) {
    if (value !== undefined)
      query.andWhere(`${query.alias}.${property} = :scope_${property}`, { [`scope_${property}`]: value })
  }
}

/**
 * Puts rows in order and leaves those behind the cursor. Its place is read in the database: created_at has microseconds
 * there, which a Date would cut off. `within` narrows the cursor to a list that is not known by a value.
 */
export function beyond<Row extends Listed>(
  query: SelectQueryBuilder<Row>,
  { cursor, order }: Pick<PagePlan, 'cursor' | 'order'>,
  scope: Readonly<Record<string, string | undefined>>,
  within?: string,
): SelectQueryBuilder<Row> {
  const row = query.alias
  if (cursor !== undefined) {
    const place = query
      .subQuery()
      .select(['page_cursor.createdAt', 'page_cursor.id'])
      .from(query.expressionMap.mainAlias?.target ?? row, 'page_cursor')
      .where('page_cursor.id = :page_cursor')
    for (const [property, value] of Object.entries(scope)) {
      if (value !== undefined) place.andWhere(`page_cursor.${property} = :scope_${property}`)
    }
    if (within !== undefined) place.andWhere(within)
    query
      .andWhere(`(${row}.createdAt, ${row}.id) ${order === 'ASC' ? '>' : '<'} ${place.getQuery()}`)
      .setParameter('page_cursor', cursor)
  }
  return query.orderBy(`${row}.createdAt`, order).addOrderBy(`${row}.id`, order)
}

function hasRowsBehind<Row extends Listed>(
  query: SelectQueryBuilder<Row>,
  { order }: PagePlan,
  scope: Readonly<Record<string, string | undefined>>,
  edgeId: string,
): Promise<boolean> {
  return beyond(query.clone(), { cursor: edgeId, order: opposite(order) }, scope).getExists()
}

import type { SelectQueryBuilder } from 'typeorm'
import { beyond, type Listed, type Page, type PagePlan, type PageRequest, planPage } from './page.js'

interface Place {
  readonly parent: string
  readonly row: string
}

/**
 * The same page of the lists of several parents: two statements, however many parents they are. `query` as for readPage;
 * `parent` is the property that says whose a row is. Of each list as much is read as its page holds, by its index.
 */
export async function readPagesOf<Row extends Listed>(
  query: SelectQueryBuilder<Row>,
  parent: keyof Row & string,
  parentIds: readonly string[],
  request: PageRequest = {},
): Promise<ReadonlyMap<string, Page<Row>>> {
  const plan = planPage(request)
  const places = await readPlaces(query, parent, parentIds, plan)
  const rows = await readRows(query, places)
  const rowsOf = new Map<string, Row[]>(parentIds.map((id) => [id, []]))
  for (const place of places) {
    const row = rows.get(place.row)
    if (row !== undefined) rowsOf.get(place.parent)?.push(row)
  }
  return new Map([...rowsOf].map(([id, found]) => [id, pageOf(found, plan)]))
}

function pageOf<Row>(found: Row[], { limit, cursor, backward }: PagePlan): Page<Row> {
  const more = found.length > limit
  const rows = found.slice(0, limit)
  // The row of the cursor itself lies behind.
  const behind = cursor !== undefined && rows.length > 0
  return backward
    ? { rows: rows.reverse(), hasNextPage: behind, hasPreviousPage: more }
    : { rows, hasNextPage: more, hasPreviousPage: behind }
}

function readPlaces<Row extends Listed>(
  query: SelectQueryBuilder<Row>,
  parent: string,
  parentIds: readonly string[],
  plan: PagePlan,
): Promise<Place[]> {
  const ofOne = query
    .clone()
    .select(`${query.alias}.id`, 'row')
    .andWhere(`${query.alias}.${parent} = whose.id`)
    .limit(plan.limit + 1)
  const [sql, values] = beyond(ofOne, plan, {}, `page_cursor.${parent} = whose.id`).getQueryAndParameters()
  const whose = `unnest($${values.length + 1}::uuid[]) whose (id)`
  const all = `select whose.id as parent, found.row from ${whose} cross join lateral (${sql}) found`
  return query.connection.query(all, [...values, parentIds])
}

async function readRows<Row extends Listed>(
  query: SelectQueryBuilder<Row>,
  places: readonly Place[],
): Promise<ReadonlyMap<string, Row>> {
  if (places.length === 0) return new Map()
  const ids = places.map(({ row }) => row)
  const rows = await query.clone().andWhere(`${query.alias}.id = any(:page_rows)`, { page_rows: ids }).getMany()
  return new Map(rows.map((row) => [row.id, row]))
}

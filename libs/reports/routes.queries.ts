import type { Db } from '@kivuko/platform'

export interface RouteRow {
  readonly prefix: string
  readonly peerId: string
  readonly tenantId: string
}

/** In the order of prefixes, byte by byte, then of peers; after the last route of the page before. */
export function readRoutes(
  db: Db,
  tenantId: string | undefined,
  after: Pick<RouteRow, 'prefix' | 'peerId'> | undefined,
  limit: number,
): Promise<RouteRow[]> {
  return db.query(
    `SELECT DISTINCT prefix COLLATE "C" AS prefix, peer_id AS "peerId", tenant_id AS "tenantId"
       FROM (SELECT unnest(array_prepend(static_ilp_address, routes)) AS prefix, id AS peer_id, tenant_id
               FROM peers WHERE deleted_at IS NULL AND ($1::uuid IS NULL OR tenant_id = $1)) AS route
      WHERE $2::text IS NULL OR (prefix COLLATE "C", peer_id) > ($2 COLLATE "C", $3::uuid)
      ORDER BY 1, 2 LIMIT $4`,
    [tenantId ?? null, after?.prefix ?? null, after?.peerId ?? null, limit],
  )
}

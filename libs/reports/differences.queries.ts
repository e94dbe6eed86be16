import type { DifferenceKind } from '@kivuko/connector'
import type { Db } from '@kivuko/platform'

/** A row of `listed_book_differences`, as the driver reads it. */
export interface DifferenceRow {
  readonly id: string
  readonly packetId: string
  readonly kind: DifferenceKind
  readonly tenantId: string
  readonly peerId: string | null
  readonly peer: string | null
  readonly paymentId: string | null
  readonly asset: string | null
  readonly amount: string
  readonly isSuperseded: boolean
  readonly notedAt: Date
  readonly closedAt: Date | null
  readonly closedReason: string | null
  readonly closedAmount: string | null
}

const ROWS = `
  SELECT id, ledger_id AS "packetId", kind, tenant_id AS "tenantId", peer_id AS "peerId", peer_name AS peer,
         payment_id AS "paymentId", asset_code || '/' || asset_scale AS asset, amount, is_superseded AS "isSuperseded",
         created_at AS "notedAt", closed_at AS "closedAt", closed_reason AS "closedReason", closed_amount AS "closedAmount"
    FROM listed_book_differences`

export interface OpenPage {
  /** Only those that were noted by then. */
  readonly notedUntil?: Date
  readonly after: string | undefined
  readonly limit: number
}

/** In the order of their ids. */
export function openDifferenceRows(db: Db, { notedUntil, after, limit }: OpenPage): Promise<DifferenceRow[]> {
  return db.query(
    `${ROWS} WHERE closed_at IS NULL AND ($1::uuid IS NULL OR id > $1) AND ($2::timestamptz IS NULL OR created_at <= $2)
      ORDER BY id LIMIT $3`,
    [after ?? null, notedUntil ?? null, limit],
  )
}

/** By its own id, or by that of a packet that was listed when only the ledger knew of it. */
export async function findDifferenceRow(
  db: Db,
  tenantId: string | undefined,
  id: string,
): Promise<DifferenceRow | undefined> {
  const rows: DifferenceRow[] = await db.query(
    `${ROWS} WHERE (id = $1 OR (ledger_id = $1 AND kind = 'abandoned')) AND ($2::uuid IS NULL OR tenant_id = $2) LIMIT 1`,
    [id, tenantId ?? null],
  )
  return rows[0]
}

/** Which of these packets have a row, open or closed. */
export async function notedPackets(db: Db, packetIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows: { packetId: string }[] = await db.query(
    'SELECT ledger_id AS "packetId" FROM book_differences WHERE ledger_id = ANY($1::uuid[])',
    [packetIds],
  )
  return new Set(rows.map(({ packetId }) => packetId))
}

export interface NewDifferenceRow {
  readonly packetId: string
  readonly tenantId: string
  readonly peerId: string
  readonly sourcePeerId: string | undefined
  readonly amount: bigint
  readonly notedAt: Date
}

/** A packet that only the ledger knew of becomes a row, under the packet's id. One that has such a row keeps it. */
export async function insertAbandoned(db: Db, row: NewDifferenceRow): Promise<void> {
  const { packetId, tenantId, peerId, sourcePeerId, amount, notedAt } = row
  await db.query(
    `INSERT INTO book_differences (id, ledger_id, kind, tenant_id, peer_id, source_peer_id, amount, noted_at)
     VALUES ($1, $1, 'abandoned', $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
    [packetId, tenantId, peerId, sourcePeerId ?? null, amount.toString(), notedAt],
  )
}

export interface Closing {
  readonly id: string
  readonly at: Date
  readonly reason: string
  /** Undefined: the node itself closes it. */
  readonly amount: bigint | undefined
  readonly closedBy: string | undefined
}

/** False when it is closed already. */
export async function closeDifferenceRow(db: Db, { id, at, reason, amount, closedBy }: Closing): Promise<boolean> {
  const [, changed]: [unknown[], number] = await db.query(
    `UPDATE book_differences SET closed_at = $2, closed_reason = $3, closed_amount = $4, closed_by = $5
      WHERE id = $1 AND closed_at IS NULL`,
    [id, at, reason, amount?.toString() ?? null, closedBy ?? null],
  )
  return changed === 1
}

/**
 * Since when reservations that a timeout released are differences until they are closed. Versions before listed what was
 * ninety days old at most, and deleted the rest.
 */
export async function differencesKeptSince(db: Db): Promise<Date> {
  const rows: { since: Date }[] = await db.query(
    `SELECT applied_at - interval '90 days' AS since FROM kivuko_migrations WHERE id = '0210-book-differences'`,
  )
  return rows[0]?.since ?? new Date(0)
}

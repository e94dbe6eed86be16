import { idFromUuid, type TransferState } from '@kivuko/accounting'
import type { Db } from '@kivuko/platform'
import type { UnresolvedLine } from './audit.js'
import { type Ground, pagesOf } from './ground.js'

interface UnresolvedRow {
  readonly id: string
  readonly peerId: string
  readonly peer: string
  readonly asset: string
  readonly amount: string
  readonly notedAt: Date
}

// Answered after all: by a late reject, or charged. Neither side counts what the other does not.
const SETTLED: ReadonlySet<TransferState | undefined> = new Set<TransferState>(['voided', 'posted'])

/**
 * Forwarded packets whose next hop never answered, by that peer: it may count them, we do not. The row says that it
 * happened, the ledger whether an answer came after all.
 */
export async function lookAtUnresolved({ db, ledger }: Ground): Promise<UnresolvedLine[]> {
  const lines = new Map<string, UnresolvedLine>()
  const readPage = (after: string | undefined, limit: number) => readUnresolved(db, after, limit)
  for await (const page of pagesOf<UnresolvedRow, string>(readPage, ({ id }) => id)) {
    const transfers = await ledger.lookup(page.map(({ id }) => idFromUuid(id)))
    for (const row of page) {
      if (!SETTLED.has(transfers.get(idFromUuid(row.id))?.state))
        lines.set(row.peerId, added(lines.get(row.peerId), row))
    }
  }
  return [...lines.values()].sort((a, b) => (a.peer < b.peer ? -1 : 1))
}

function added(
  line: UnresolvedLine | undefined,
  { peerId, peer, asset, amount, notedAt }: UnresolvedRow,
): UnresolvedLine {
  return {
    ...{ peerId, peer, asset },
    packets: (line?.packets ?? 0) + 1,
    amount: (line?.amount ?? 0n) + BigInt(amount),
    firstAt: line && line.firstAt < notedAt ? line.firstAt : notedAt,
    lastAt: line && line.lastAt > notedAt ? line.lastAt : notedAt,
  }
}

function readUnresolved(db: Db, after: string | undefined, limit: number): Promise<UnresolvedRow[]> {
  return db.query(
    `SELECT u.ledger_id AS id, u.peer_id AS "peerId", coalesce(p.name, p.static_ilp_address) AS peer,
            a.code || '/' || a.scale AS asset, u.amount, u.noted_at AS "notedAt"
       FROM unresolved_packets u JOIN peers p ON p.id = u.peer_id JOIN assets a ON a.id = p.asset_id
      WHERE $1::uuid IS NULL OR u.ledger_id > $1 ORDER BY u.ledger_id LIMIT $2`,
    [after ?? null, limit],
  )
}

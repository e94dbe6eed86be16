import {
  idFromUuid,
  type LedgerId,
  type LedgerTransfer,
  legId,
  TransferCode,
  type TransferState,
  uuidFromId,
} from '@kivuko/accounting'
import type { Db } from '@kivuko/platform'
import type { UnresolvedLine } from './audit.js'
import { type Ground, pagesOf } from './ground.js'

interface NamedPeer {
  readonly peerId: string
  readonly peer: string
  readonly asset: string
}

interface UnresolvedPacket extends NamedPeer {
  readonly amount: string
  readonly notedAt: Date
}

interface UnresolvedRow extends UnresolvedPacket {
  readonly id: string
  readonly isOwn: boolean
}

// As long as the rows are kept: two operators have compared their books by then.
const LISTED_FOR_MS = 90 * 86_400_000

// Answered after all: by a late reject, or charged. Neither side counts what the other does not.
const SETTLED: ReadonlySet<TransferState | undefined> = new Set<TransferState>(['voided', 'posted'])

/**
 * Forwarded packets whose next hop never answered, by that peer: it may count them, we do not. The row says that it
 * happened, the ledger whether an answer came after all. Packets of our own payments are among them where their receiver
 * did not tell for certain which arrived. Of what a process that was killed had under way there is no row,
 * only a reservation that nobody ended.
 */
export async function lookAtUnresolved(ground: Ground): Promise<UnresolvedLine[]> {
  const lines = new Map<string, UnresolvedLine>()
  const add = (packet: UnresolvedPacket) => lines.set(packet.peerId, added(lines.get(packet.peerId), packet))
  const noted = await addNoted(ground, add)
  await addAbandoned(ground, noted, add)
  return [...lines.values()].sort((a, b) => (a.peer < b.peer ? -1 : 1))
}

type Add = (packet: UnresolvedPacket) => void

/** Returns the ids of every leg that a row stands for. */
async function addNoted({ db, ledger }: Ground, add: Add): Promise<ReadonlySet<LedgerId>> {
  const noted = new Set<LedgerId>()
  const readPage = (after: string | undefined, limit: number) => readUnresolved(db, after, limit)
  for await (const page of pagesOf<UnresolvedRow, string>(readPage, ({ id }) => id)) {
    const transfers = await ledger.lookup(page.map(({ id }) => idFromUuid(id)))
    for (const row of page) {
      const id = idFromUuid(row.id)
      noted.add(id).add(legId(id, 1))
      // Of an own payment's packet the ledger says what was concluded, which is what is in doubt.
      if (row.isOwn || !SETTLED.has(transfers.get(id)?.state)) add(row)
    }
  }
  return noted
}

async function addAbandoned({ db, ledger, nowMs }: Ground, noted: ReadonlySet<LedgerId>, add: Add): Promise<void> {
  const since = new Date(nowMs - LISTED_FOR_MS)
  const readPage = (after: LedgerId | undefined, limit: number) => ledger.expiredReservations({ limit, after, since })
  for await (const page of pagesOf<LedgerTransfer, LedgerId>(readPage, ({ id }) => id)) {
    const packets = page.filter(({ id, code }) => code === TransferCode.transfer && !noted.has(id))
    const peers = await readPeers(db, [...new Set(packets.map(({ creditAccountId }) => uuidFromId(creditAccountId)))])
    for (const { creditAccountId, amount, createdAt } of packets) {
      const peer = peers.get(uuidFromId(creditAccountId))
      // The other leg of a packet across currencies ends at an asset.
      if (peer !== undefined) add({ ...peer, amount: `${amount}`, notedAt: createdAt })
    }
  }
}

function added(
  line: UnresolvedLine | undefined,
  { peerId, peer, asset, amount, notedAt }: UnresolvedPacket,
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
            a.code || '/' || a.scale AS asset, u.amount, u.noted_at AS "notedAt",
            u.payment_id IS NOT NULL AS "isOwn"
       FROM book_differences u JOIN peers p ON p.id = u.peer_id JOIN assets a ON a.id = p.asset_id
      WHERE $1::uuid IS NULL OR u.ledger_id > $1 ORDER BY u.ledger_id LIMIT $2`,
    [after ?? null, limit],
  )
}

async function readPeers(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, NamedPeer>> {
  const rows: NamedPeer[] = await db.query(
    `SELECT p.id AS "peerId", coalesce(p.name, p.static_ilp_address) AS peer, a.code || '/' || a.scale AS asset
       FROM peers p JOIN assets a ON a.id = p.asset_id WHERE p.id = ANY($1::uuid[])`,
    [ids],
  )
  return new Map(rows.map((row) => [row.peerId, row]))
}

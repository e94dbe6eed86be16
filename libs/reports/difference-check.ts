import { idFromUuid, type Ledger } from '@kivuko/accounting'
import type { Db } from '@kivuko/platform'
import { type DifferenceEnd, endOf, idsToJudge, type JudgedDifference } from './difference-state.js'
import { DifferenceTally, type OpenDifferences } from './difference-tally.js'
import { type DifferenceRow, openDifferenceRows } from './differences.queries.js'
import { expiredPackets } from './expired-packets.js'
import { type Ground, pagesOf } from './ground.js'

/** As many as people read one by one; the sums count all. */
const MAX_PACKETS = 1_000

/**
 * By which packets a peer's books may differ from ours: the rows say what happened, the ledger whether it was mended since.
 * Of what a process that was killed had under way there may be no row, only a reservation that nobody ended.
 */
export async function checkDifferences(
  ground: Pick<Ground, 'db' | 'ledger'>,
  /** Later ones are left out: they may be under way to be mended. */
  until?: Date,
): Promise<OpenDifferences> {
  const tally = new DifferenceTally(MAX_PACKETS)
  for await (const page of openRows(ground.db, until)) {
    const ends = await endsOf(ground.ledger, page)
    for (const row of page) if (!ends.has(row.id)) tally.add(openDifference(row))
  }
  for await (const page of expiredPackets(ground, until)) {
    for (const { packetId, peerId, peer, asset, amount, expiredAt } of page) {
      const packet = { id: packetId, packetId, kind: 'abandoned', peerId, peer, asset, amount } as const
      tally.add({ ...packet, paymentId: null, notedAt: expiredAt })
    }
  }
  return tally.result()
}

/** Why rows are no difference any more, by their ids; those that still stand are absent. */
export async function endsOf(
  ledger: Ledger,
  rows: readonly DifferenceRow[],
): Promise<ReadonlyMap<string, DifferenceEnd>> {
  const judged = rows.map((row) => [row.id, judgedOf(row)] as const)
  const transfers = await ledger.lookup(judged.flatMap(([, difference]) => idsToJudge(difference)))
  return new Map(
    judged.flatMap(([id, difference]) => {
      const end = endOf(difference, transfers)
      return end === undefined ? [] : [[id, end] as const]
    }),
  )
}

function openRows(db: Db, notedUntil: Date | undefined): AsyncGenerator<readonly DifferenceRow[]> {
  const readPage = (after: string | undefined, limit: number) => openDifferenceRows(db, { notedUntil, after, limit })
  return pagesOf<DifferenceRow, string>(readPage, ({ id }) => id)
}

function judgedOf({ kind, packetId, isSuperseded }: DifferenceRow): JudgedDifference {
  return { kind, packetId: idFromUuid(packetId), isSuperseded }
}

function openDifference({ id, packetId, kind, peerId, peer, paymentId, asset, amount, notedAt }: DifferenceRow) {
  return {
    ...{ id, packetId, kind, peerId, paymentId, amount: BigInt(amount), notedAt },
    peer: peer ?? (paymentId === null ? 'no peer' : 'own payments'),
    asset: asset ?? 'unknown asset',
  }
}

import { type LedgerId, uuidFromId } from '@kivuko/accounting'
import type { Clock, DataSource, Logger } from '@kivuko/platform'
import { ledgerIdOf, type Packet } from './packet.js'

// A next hop that loses answers is left alone after a few; beyond this many only their number in the metrics is known.
const MAX_WAITING = 10_000
// As long as two operators may take to compare their books.
const KEPT_MS = 90 * 86_400_000
const CLEAN_UP_ROWS = 5_000

/** A packet of one of our own payments. `amount`: in the asset of the peer it was sent to. */
export interface OwnPacket {
  readonly id: LedgerId
  readonly peerAccountId: LedgerId
  readonly amount: bigint
}

type Row = readonly [string, string, string, string, string, Buffer, Date]

/**
 * Remembers packets whose end nobody knows, for the audit: the peer they went to may count otherwise than we do. Forwarded
 * ones whose next hop never answered are written after the source has its answer, many at once; a row that cannot be
 * written is in the log instead.
 */
export class UnresolvedPackets {
  private waiting: Row[] = []
  private writing: Promise<void> | undefined

  constructor(
    private readonly dataSource: Pick<DataSource, 'query'>,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Forwarded ones: our own payments find out by themselves what became of theirs. */
  note(packet: Packet): void {
    const { source, destination, destinationAmount, prepare } = packet
    if (source.kind !== 'peer' || destination?.kind !== 'peer' || destinationAmount === 0n) return
    if (this.waiting.length >= MAX_WAITING) return
    const id = uuidFromId(ledgerIdOf(packet))
    // The condition is a view of bytes that are not ours for long.
    const condition = Buffer.from(prepare.executionCondition)
    const amount = destinationAmount.toString()
    this.waiting.push([id, source.tenantId, source.id, destination.id, amount, condition, this.clock.now()])
    this.writing ??= this.write().finally(() => {
      this.writing = undefined
    })
  }

  /**
   * Packets of one of our own payments of which their receiver's total does not tell for certain which arrived. Throws
   * when that cannot be written: then nothing is to be concluded yet.
   */
  async noteDoubtful(tenantId: string, paymentId: string, packets: readonly OwnPacket[]): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO unresolved_packets (ledger_id, tenant_id, payment_id, peer_id, amount, noted_at)
       SELECT packet.id, $1, $2, packet.peer_id, packet.amount, $3
       FROM unnest($4::uuid[], $5::uuid[], $6::numeric[]) AS packet (id, peer_id, amount)
       ON CONFLICT DO NOTHING`,
      [
        tenantId,
        paymentId,
        this.clock.now(),
        packets.map(({ id }) => uuidFromId(id)),
        packets.map(({ peerAccountId }) => uuidFromId(peerAccountId)),
        packets.map(({ amount }) => amount.toString()),
      ],
    )
  }

  /** Resolves when nothing is to be written any more. */
  async drained(): Promise<void> {
    while (this.writing) await this.writing
  }

  /** Deletes what nobody will compare any more; returns how many. */
  async cleanUp(): Promise<number> {
    const [, deleted]: [unknown[], number] = await this.dataSource.query(
      `DELETE FROM unresolved_packets WHERE ledger_id IN (
         SELECT ledger_id FROM unresolved_packets WHERE noted_at < $1 ORDER BY noted_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [new Date(this.clock.nowMs() - KEPT_MS), CLEAN_UP_ROWS],
    )
    return deleted
  }

  private async write(): Promise<void> {
    while (this.waiting.length > 0) {
      const rows = this.waiting.splice(0, 1_000)
      try {
        await this.dataSource.query(
          `INSERT INTO unresolved_packets (ledger_id, tenant_id, source_peer_id, peer_id, amount, condition, noted_at)
           SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::numeric[], $6::bytea[], $7::timestamptz[])
           ON CONFLICT DO NOTHING`,
          [0, 1, 2, 3, 4, 5, 6].map((column) => rows.map((row) => row[column])),
        )
      } catch (err) {
        this.logger.error(
          { err, packets: rows.map(([id, , , peer]) => ({ id, peer })) },
          'unresolved packets not noted',
        )
      }
    }
  }
}

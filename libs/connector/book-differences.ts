import { type LedgerId, uuidFromId } from '@kivuko/accounting'
import type { Clock, DataSource, Logger } from '@kivuko/platform'

/**
 * Why a neighbour's books may differ from ours by a packet.
 * - `unanswered`: noted by earlier versions, which left the reservation to its timeout.
 * - `released`: its next hop never answered; the source heard R00 and is not charged, the next hop may charge us.
 * - `fulfilled-late`: its next hop fulfilled it after the source had heard a reject: the next hop charges us.
 * - `abandoned`: the process that had sent it ended before its answer; its reservation was released.
 * - `answer-gone`: charged, and asked for again when its fulfillment was not kept any more: the source may count it as lost.
 * - `shortfall`: fulfilled, but charged after its reservation had ended, when the source had less than its amount; `amount`
 *   is what the asset's shortfall account paid.
 * - `beyond-maximum`: fulfilled, but credited to the asset's shortfall account, since the next hop's had no room any more.
 * - `doubtful`: of one of our own payments, whose end was concluded from its receiver's total, not for certain.
 */
export type DifferenceKind =
  | 'unanswered'
  | 'released'
  | 'fulfilled-late'
  | 'abandoned'
  | 'answer-gone'
  | 'shortfall'
  | 'beyond-maximum'
  | 'doubtful'

/** `peerId`: the neighbour to compare with. `amount`: in its asset (in the payment's where there is no peer). */
export interface BookDifference {
  readonly ledgerId: LedgerId
  readonly kind: DifferenceKind
  readonly tenantId: string
  readonly peerId: string | undefined
  readonly sourcePeerId: string | undefined
  readonly paymentId: string | undefined
  readonly amount: bigint
  readonly condition: Buffer | undefined
}

/** A packet of one of our own payments. `amount`: in the asset of the peer it was sent to. */
export interface OwnPacket {
  readonly id: LedgerId
  readonly peerAccountId: LedgerId
  readonly amount: bigint
}

/** Where differences are kept. `note` resolves once they cannot be lost any more, and rejects when that is not known. */
export interface DifferenceLog {
  note(difference: BookDifference): Promise<void>
}

interface Waiting {
  readonly difference: BookDifference
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

const ROWS_PER_STATEMENT = 1_000
// A node that loses more than this at once has its next hops away; their reservations then end by their timeout, which the
// audit lists as well.
const MAX_WAITING = 10_000

/**
 * Differences in Postgres, written many at once. A packet is listed once for each kind; of a late charge the amounts last
 * noted count, since they change from one attempt to the next.
 */
export class BookDifferences implements DifferenceLog {
  private waiting: Waiting[] = []
  private writing: Promise<void> | undefined

  constructor(
    private readonly dataSource: Pick<DataSource, 'query'>,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  note(difference: BookDifference): Promise<void> {
    if (this.waiting.length >= MAX_WAITING) return Promise.reject(new Error('too many differences wait to be written'))
    return new Promise((resolve, reject) => {
      this.waiting.push({ difference, resolve, reject })
      this.writing ??= this.write().finally(() => {
        this.writing = undefined
      })
    })
  }

  /** Packets of one of our own payments of which their receiver's total does not tell for certain which arrived. */
  async noteDoubtful(tenantId: string, paymentId: string, packets: readonly OwnPacket[]): Promise<void> {
    await this.insert(
      packets.map(({ id, peerAccountId, amount }) => ({
        ...{ ledgerId: id, kind: 'doubtful', tenantId, peerId: uuidFromId(peerAccountId) },
        ...{ sourcePeerId: undefined, paymentId, amount, condition: undefined },
      })),
    )
  }

  /** Resolves when nothing is to be written any more. */
  async onIdle(): Promise<void> {
    while (this.writing) await this.writing
  }

  private async write(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, ROWS_PER_STATEMENT)
      try {
        await this.insert(lastOfEach(batch.map(({ difference }) => difference)))
        for (const { resolve } of batch) resolve()
      } catch (error) {
        const packets = batch.map(({ difference }) => ({ id: uuidFromId(difference.ledgerId), kind: difference.kind }))
        this.logger.error({ err: error, packets }, 'differences to the books of peers could not be noted')
        for (const { reject } of batch) reject(error)
      }
    }
  }

  private async insert(differences: readonly BookDifference[]): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO book_differences
         (ledger_id, kind, tenant_id, peer_id, source_peer_id, payment_id, amount, condition, noted_at)
       SELECT *, $9 FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::numeric[],
         $8::bytea[])
       ON CONFLICT (ledger_id, kind) DO UPDATE SET amount = excluded.amount
         WHERE book_differences.kind IN ('shortfall', 'beyond-maximum') AND book_differences.closed_at IS NULL`,
      [
        differences.map(({ ledgerId }) => uuidFromId(ledgerId)),
        differences.map(({ kind }) => kind),
        differences.map(({ tenantId }) => tenantId),
        differences.map(({ peerId }) => peerId),
        differences.map(({ sourcePeerId }) => sourcePeerId),
        differences.map(({ paymentId }) => paymentId),
        differences.map(({ amount }) => amount.toString()),
        differences.map(({ condition }) => condition),
        this.clock.now(),
      ],
    )
  }
}

/** One statement may name a row once. */
function lastOfEach(differences: readonly BookDifference[]): BookDifference[] {
  return [
    ...new Map(differences.map((difference) => [`${difference.ledgerId} ${difference.kind}`, difference])).values(),
  ]
}

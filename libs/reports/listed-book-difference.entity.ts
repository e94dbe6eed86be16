import type { DifferenceKind } from '@kivuko/connector'
import { bigintColumn } from '@kivuko/platform'
import { Column, Entity, PrimaryColumn } from 'typeorm'

/** A row of the view over differences and the peers and assets that they concern. Amounts are in the asset's minor unit. */
@Entity('listed_book_differences')
export class ListedBookDifference {
  @PrimaryColumn('uuid')
  id!: string

  /** The packet's id, also that of its first transfer in the ledger. */
  @Column('uuid')
  ledgerId!: string

  @Column('text')
  kind!: DifferenceKind

  @Column('uuid')
  tenantId!: string

  /** The peer to compare books with. */
  @Column('uuid', { nullable: true })
  peerId!: string | null

  @Column('text', { nullable: true })
  peerName!: string | null

  @Column('uuid', { nullable: true })
  sourcePeerId!: string | null

  @Column('uuid', { nullable: true })
  paymentId!: string | null

  @Column('uuid', { nullable: true })
  assetId!: string | null

  @Column('numeric', { transformer: bigintColumn })
  amount!: bigint

  @Column('bytea', { nullable: true })
  condition!: Buffer | null

  /** When it was noted. */
  @Column('timestamptz')
  createdAt!: Date

  @Column('timestamptz', { nullable: true })
  closedAt!: Date | null

  @Column('text', { nullable: true })
  closedReason!: string | null

  /** What was agreed on; null also where the node itself closed it. */
  @Column('numeric', { nullable: true, transformer: bigintColumn })
  closedAmount!: bigint | null

  /** The tenant that closed it; null: the node itself. */
  @Column('uuid', { nullable: true })
  closedBy!: string | null
}

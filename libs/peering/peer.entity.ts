import { bigintColumn } from '@kivuko/platform'
import { Column, Entity, PrimaryColumn } from 'typeorm'

@Entity('peers')
export class PeerRow {
  @PrimaryColumn('uuid')
  id!: string

  @Column('uuid')
  tenantId!: string

  @Column('uuid')
  assetId!: string

  @Column('text', { nullable: true })
  name!: string | null

  @Column('text')
  staticIlpAddress!: string

  @Column('text', { array: true })
  routes!: string[]

  @Column('numeric', { nullable: true, transformer: bigintColumn })
  maxPacketAmount!: bigint | null

  @Column('numeric', { nullable: true, transformer: bigintColumn })
  liquidityThreshold!: bigint | null

  @Column('integer', { nullable: true })
  packetsPerMinute!: number | null

  @Column('numeric', { nullable: true, transformer: bigintColumn })
  incomingAmountPerSecond!: bigint | null

  @Column('numeric', { nullable: true, transformer: bigintColumn })
  outgoingAmountPerSecond!: bigint | null

  @Column('text')
  outgoingEndpoint!: string

  /** Encrypted; see outgoing-token.ts. */
  @Column('bytea')
  outgoingToken!: Buffer

  /** Set until the deposit asked for at creation is known to stand in the ledger. */
  @Column('numeric', { nullable: true, transformer: bigintColumn })
  pendingDeposit!: bigint | null

  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date

  @Column('timestamptz', { default: () => 'now()' })
  updatedAt!: Date

  /** A deleted peer has no tokens and no routes; its row still says whose money its ledger account holds. */
  @Column('timestamptz', { nullable: true })
  deletedAt!: Date | null
}

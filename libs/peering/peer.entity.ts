import { bigintColumn } from '@kivuko/platform'
import { Column, Entity, PrimaryColumn } from 'typeorm'
import type { OutgoingMode } from './peer.js'

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

  /** Sealed for this row. */
  @Column('bytea')
  outgoingToken!: Buffer

  @Column('text')
  outgoingMode!: OutgoingMode

  @Column('text', { nullable: true })
  outgoingJwtSubject!: string | null

  @Column('text', { array: true })
  furtherEndpoints!: string[]

  @Column('boolean')
  endpointsAreOneNode!: boolean

  @Column('boolean', { nullable: true })
  chargesRepeatsOnce!: boolean | null

  @Column('text', { nullable: true })
  callbackUrl!: string | null

  @Column('text', { nullable: true })
  incomingJwtSubject!: string | null

  /** Several, encrypted as the outgoing token is. */
  @Column('bytea', { nullable: true })
  incomingJwtSecrets!: Buffer | null

  @Column('boolean')
  reflectPayments!: boolean

  /** Below zero: a minimum balance of that much. */
  @Column('numeric', { transformer: bigintColumn })
  creditLine!: bigint

  @Column('numeric', { nullable: true, transformer: bigintColumn })
  maximumBalance!: bigint | null

  /** Rises with each change of the two above; 0 for a peer that never had any. */
  @Column('integer')
  balanceLimitsRevision!: number

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

import { bigintColumn } from '@kivuko/platform'
import { Column, Entity, PrimaryColumn } from 'typeorm'

/** A price for one payment, kept as it was given: the outgoing payment made from it has its id. */
@Entity('quotes')
export class Quote {
  @PrimaryColumn('uuid')
  id!: string

  @Column('uuid')
  tenantId!: string

  @Column('uuid')
  walletAddressId!: string

  /** The sender's asset. */
  @Column('uuid')
  assetId!: string

  /** The URL of the incoming payment. */
  @Column('text')
  receiver!: string

  @Column('numeric', { transformer: bigintColumn })
  debitAmount!: bigint

  /** What may be sent; the rest of the debit amount is the fee. */
  @Column('numeric', { transformer: bigintColumn })
  debitAmountMinusFees!: bigint

  @Column('numeric', { transformer: bigintColumn })
  receiveAmount!: bigint

  @Column('text')
  receiveAssetCode!: string

  @Column('smallint')
  receiveAssetScale!: number

  /** The fee as it was then. */
  @Column('uuid', { nullable: true })
  feeId!: string | null

  @Column('text')
  method!: 'ilp' | 'local'

  @Column('numeric', { transformer: bigintColumn })
  guaranteedRateNumerator!: bigint

  @Column('numeric', { transformer: bigintColumn })
  guaranteedRateDenominator!: bigint

  @Column('numeric', { transformer: bigintColumn })
  lowRateNumerator!: bigint

  @Column('numeric', { transformer: bigintColumn })
  lowRateDenominator!: bigint

  @Column('numeric', { transformer: bigintColumn })
  highRateNumerator!: bigint

  @Column('numeric', { transformer: bigintColumn })
  highRateDenominator!: bigint

  @Column('numeric', { nullable: true, transformer: bigintColumn })
  maxPacketAmount!: bigint | null

  @Column('text', { nullable: true })
  client!: string | null

  @Column('timestamptz')
  expiresAt!: Date

  @Column('timestamptz')
  createdAt!: Date
}

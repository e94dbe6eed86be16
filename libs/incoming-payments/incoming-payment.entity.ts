import { bigintColumn } from '@kivuko/platform'
import { Column, Entity, PrimaryColumn } from 'typeorm'
import type { IncomingPaymentState } from './lifecycle.js'

/** Which door it was made at. */
export type Initiator = 'ADMIN' | 'OPEN_PAYMENTS'

/** Money asked for at a wallet address. Amounts are in minor units of `assetId`, the wallet address' asset. */
@Entity('incoming_payments')
export class IncomingPayment {
  @PrimaryColumn('uuid')
  id!: string

  @Column('uuid')
  tenantId!: string

  @Column('uuid')
  walletAddressId!: string

  @Column('uuid')
  assetId!: string

  @Column('text')
  state!: IncomingPaymentState

  /** What is asked for; null takes any amount. */
  @Column('numeric', { nullable: true, transformer: bigintColumn })
  incomingAmount!: bigint | null

  /** All that was ever credited to the payment's ledger account, also when it has been withdrawn since. */
  @Column('numeric', { transformer: bigintColumn })
  receivedAmount!: bigint

  @Column('timestamptz')
  expiresAt!: Date

  @Column('jsonb', { nullable: true })
  metadata!: Record<string, unknown> | null

  /** The wallet address of the client that made it at Open Payments. */
  @Column('text', { nullable: true })
  client!: string | null

  @Column('text')
  initiatedBy!: Initiator

  /** Whose payment is expected, where the operator knows. */
  @Column('text', { nullable: true })
  senderWalletAddress!: string | null

  /** The operator's decision, if it took one: it stands. */
  @Column('timestamptz', { nullable: true })
  approvedAt!: Date | null

  @Column('timestamptz', { nullable: true })
  cancelledAt!: Date | null

  @Column('text', { nullable: true })
  cancellationReason!: string | null

  /** When the worker looks at it again: to expire it, or to report what was received before it was closed by hand. */
  @Column('timestamptz', { nullable: true })
  dueAt!: Date | null

  /** The webhook event that reported the end; the withdrawal's id comes from it, so that the money leaves once. */
  @Column('uuid', { nullable: true })
  finalEventId!: string | null

  @Column('timestamptz', { nullable: true })
  completedAt!: Date | null

  @Column('timestamptz')
  createdAt!: Date

  @Column('timestamptz')
  updatedAt!: Date
}

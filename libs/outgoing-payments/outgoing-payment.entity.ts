import { bigintColumn } from '@kivuko/platform'
import { Quote } from '@kivuko/quotes'
import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm'
import type { OutgoingPaymentState } from './lifecycle.js'

/** Which door it was made at. */
export type Initiator = 'ADMIN' | 'OPEN_PAYMENTS'

/** One payment of a quote, with the quote's id. Amounts are in the sender's minor unit unless a name says otherwise. */
@Entity('outgoing_payments')
export class OutgoingPayment {
  @PrimaryColumn('uuid')
  id!: string

  @OneToOne(() => Quote)
  @JoinColumn({ name: 'id', referencedColumnName: 'id' })
  quote!: Quote

  @Column('uuid')
  tenantId!: string

  @Column('uuid')
  walletAddressId!: string

  @Column('text')
  state!: OutgoingPaymentState

  /** Why it ended other than completed, or why the last attempt did: a code to program against, and a sentence. */
  @Column('text', { nullable: true })
  errorReason!: string | null

  @Column('text', { nullable: true })
  errorMessage!: string | null

  /** Attempts to send that failed; those that were cut off, or whose end is unknown, are not counted. */
  @Column('integer')
  stateAttempts!: number

  /** What had left the payment's account by the end of the last attempt, as far as it is known what of it arrived. */
  @Column('numeric', { transformer: bigintColumn })
  sentAmount!: bigint

  /** What has arrived as far as receivers said, in the receiver's minor unit. */
  @Column('numeric', { transformer: bigintColumn })
  deliveredAmount!: bigint

  /** What the receiver had received when the payment was made: what came since may be this payment's. */
  @Column('numeric', { transformer: bigintColumn })
  receiverAmountBefore!: bigint

  /** What was left in the payment's account when it ended: the operator's to withdraw. */
  @Column('numeric', { nullable: true, transformer: bigintColumn })
  leftoverAmount!: bigint | null

  @Column('jsonb', { nullable: true })
  metadata!: Record<string, unknown> | null

  /** The wallet address of the client that made it at Open Payments. */
  @Column('text', { nullable: true })
  client!: string | null

  @Column('text', { nullable: true })
  grantId!: string | null

  @Column('text')
  initiatedBy!: Initiator

  /** When the worker looks at it again; null once it has ended. While a worker holds it: when its lease ends. */
  @Column('timestamptz', { nullable: true })
  dueAt!: Date | null

  /** Names the attempt that holds the payment; only its outcome is taken. */
  @Column('uuid', { nullable: true })
  lease!: string | null

  /** The event that told of the creation; the deposit's id comes from it, so that the payment is funded once. */
  @Column('uuid')
  createdEventId!: string

  /** The event that told of the end; the withdrawal's id comes from it, so that what is left leaves once. */
  @Column('uuid', { nullable: true })
  endedEventId!: string | null

  @Column('timestamptz')
  createdAt!: Date

  @Column('timestamptz')
  updatedAt!: Date
}

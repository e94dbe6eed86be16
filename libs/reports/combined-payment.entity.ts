import { Column, Entity, PrimaryColumn } from 'typeorm'

export const paymentTypes = ['INCOMING', 'OUTGOING'] as const

export type PaymentType = (typeof paymentTypes)[number]

/** A row of the view over incoming and outgoing payments. */
@Entity('combined_payments')
export class CombinedPayment {
  @PrimaryColumn('uuid')
  id!: string

  @Column('text')
  type!: PaymentType

  @Column('uuid')
  tenantId!: string

  @Column('uuid')
  walletAddressId!: string

  @Column('text')
  state!: string

  @Column('jsonb', { nullable: true })
  metadata!: Record<string, unknown> | null

  @Column('text', { nullable: true })
  client!: string | null

  @Column('timestamptz')
  createdAt!: Date
}

import { Column, Entity, PrimaryColumn } from 'typeorm'
import type { TimelineStep } from './lifecycle.js'

/** One step in a payment's life, and what brought it about. Written with the change itself. */
@Entity('outgoing_payment_events')
export class TimelineEntry {
  @PrimaryColumn('uuid')
  paymentId!: string

  @PrimaryColumn('bigint')
  sequence!: string

  @Column('timestamptz')
  at!: Date

  @Column('text')
  step!: TimelineStep

  @Column('text', { nullable: true })
  cause!: string | null
}

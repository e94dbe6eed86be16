import { Column, Entity, PrimaryColumn } from 'typeorm'

/** PENDING: to be delivered at due_at. DEAD: given up after the last retry; kept, visible, and replayable. */
export const webhookStates = ['PENDING', 'DELIVERED', 'DEAD'] as const

export type WebhookState = (typeof webhookStates)[number]

@Entity('webhook_events')
export class WebhookEvent {
  @PrimaryColumn('uuid')
  id!: string

  @Column('uuid')
  tenantId!: string

  @Column('text')
  type!: string

  @Column('jsonb')
  data!: Record<string, unknown>

  @Column('text')
  resourceKey!: string

  /** The order of writing; deliveries of one resource follow it. */
  @Column('bigint')
  sequence!: string

  @Column('text')
  state!: WebhookState

  /** Deliveries begun since the event was written or replayed. */
  @Column('integer')
  attempts!: number

  @Column('timestamptz')
  dueAt!: Date

  /** Names the delivery that is under way; only its outcome is taken. */
  @Column('uuid', { nullable: true })
  lease!: string | null

  @Column('integer', { nullable: true })
  statusCode!: number | null

  @Column('text', { nullable: true })
  lastError!: string | null

  @Column('timestamptz', { nullable: true })
  deliveredAt!: Date | null

  @Column('timestamptz')
  createdAt!: Date
}

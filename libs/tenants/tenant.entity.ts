import { Column, Entity, PrimaryColumn } from 'typeorm'

/** Columns named …Secret hold sealed text (sealed-text.ts); the operator's row has none: its secrets are configuration. */
@Entity('tenants')
export class TenantRow {
  @PrimaryColumn('uuid')
  id!: string

  @Column('boolean')
  operator!: boolean

  @Column('text', { nullable: true })
  email!: string | null

  @Column('text', { nullable: true })
  publicName!: string | null

  @Column('text', { nullable: true })
  apiSecret!: string | null

  @Column('text', { nullable: true })
  idpConsentUrl!: string | null

  @Column('text', { nullable: true })
  idpSecret!: string | null

  @Column('text', { nullable: true })
  webhookSecret!: string | null

  @Column('text', { nullable: true })
  formerWebhookSecret!: string | null

  /** Until when the former secret signs too. */
  @Column('timestamptz', { nullable: true })
  formerWebhookSecretUntil!: Date | null

  @Column('timestamptz')
  createdAt!: Date

  @Column('timestamptz')
  updatedAt!: Date

  @Column('timestamptz', { nullable: true })
  deletedAt!: Date | null
}

@Entity('tenant_settings')
export class TenantSettingRow {
  @PrimaryColumn('uuid')
  tenantId!: string

  @PrimaryColumn('text')
  key!: string

  @Column('text')
  value!: string
}

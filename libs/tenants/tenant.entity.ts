import { Column, Entity, PrimaryColumn } from 'typeorm'

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

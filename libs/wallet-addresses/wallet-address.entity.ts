import { Column, Entity, PrimaryColumn } from 'typeorm'
import type { AdditionalProperty } from './additional-property.js'

@Entity('wallet_addresses')
export class WalletAddressRow {
  @PrimaryColumn('uuid')
  id!: string

  @Column('uuid')
  tenantId!: string

  @Column('text')
  address!: string

  @Column('text', { nullable: true })
  publicName!: string | null

  @Column('uuid')
  assetId!: string

  @Column('jsonb')
  additionalProperties!: AdditionalProperty[]

  @Column('timestamptz', { nullable: true })
  deactivatedAt!: Date | null

  /** False until the row's ledger account is known to be open. */
  @Column('boolean')
  accountOpened!: boolean

  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date

  @Column('timestamptz', { default: () => 'now()' })
  updatedAt!: Date
}

import { bigintColumn } from '@kivuko/platform'
import { Column, Entity, PrimaryColumn } from 'typeorm'

@Entity('assets')
export class AssetRow {
  @PrimaryColumn('uuid')
  id!: string

  @Column('uuid')
  tenantId!: string

  @Column('text')
  code!: string

  @Column('smallint')
  scale!: number

  @Column('integer', { generated: 'increment' })
  ledger!: number

  @Column('numeric', { nullable: true, transformer: bigintColumn })
  withdrawalThreshold!: bigint | null

  @Column('numeric', { nullable: true, transformer: bigintColumn })
  liquidityThreshold!: bigint | null

  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date

  @Column('timestamptz', { default: () => 'now()' })
  updatedAt!: Date

  /** A deleted asset keeps its row: its ledger number and its history live on, and creating it again revives it. */
  @Column('timestamptz', { nullable: true })
  deletedAt!: Date | null
}

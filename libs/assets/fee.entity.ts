import { bigintColumn } from '@kivuko/platform'
import { Column, Entity, PrimaryColumn } from 'typeorm'
import type { FeeType } from './fee.js'

/** Append-only: the row with the highest sequence is in force. */
@Entity('fees')
export class FeeRow {
  @PrimaryColumn('uuid')
  id!: string

  @Column('bigint', { generated: 'increment', transformer: bigintColumn })
  sequence!: bigint

  @Column('uuid')
  tenantId!: string

  @Column('uuid')
  assetId!: string

  @Column('text')
  type!: FeeType

  @Column('numeric', { name: 'fixed_fee', transformer: bigintColumn })
  fixed!: bigint

  @Column('integer', { name: 'basis_point_fee' })
  basisPoints!: number

  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date
}

import { Column, Entity, PrimaryColumn } from 'typeorm'

/** A token the peer may present, known only by its SHA-256. */
@Entity('peer_incoming_tokens')
export class IncomingTokenRow {
  @PrimaryColumn('bytea')
  sha256!: Buffer

  @Column('uuid')
  peerId!: string

  @Column('uuid')
  tenantId!: string
}

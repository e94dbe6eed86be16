import { Column, Entity, PrimaryColumn } from 'typeorm'

/** A public key of a client at its wallet address: Ed25519, as Open Payments asks for. */
@Entity('wallet_address_keys')
export class WalletAddressKey {
  @PrimaryColumn('uuid')
  id!: string

  @Column('uuid')
  walletAddressId!: string

  @Column('text')
  kid!: string

  /** 32 bytes in base64url. */
  @Column('text')
  x!: string

  @Column('boolean')
  revoked!: boolean

  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date
}

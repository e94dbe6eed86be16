import type { Asset, TenantScope } from '@kivuko/assets'
import type { AdditionalProperty } from './additional-property.js'

/** A customer's public address: a URL that names an account in one asset. Unique over the node, in lower case. */
export interface WalletAddress {
  readonly id: string
  readonly tenantId: string
  readonly address: string
  readonly publicName: string | null
  readonly assetId: string
  readonly asset: Asset
  readonly additionalProperties: readonly AdditionalProperty[]
  /** From when on it takes no new payments; null while active. */
  readonly deactivatedAt: Date | null
  readonly createdAt: Date
}

export type WalletAddressStatus = 'ACTIVE' | 'INACTIVE'

/** `address` is a whole URL under the tenant's wallet address URL, or the path below it. */
export interface NewWalletAddress {
  readonly tenantId: string
  readonly address: string
  readonly assetId: string
  readonly publicName?: string | null
  readonly additionalProperties?: readonly AdditionalProperty[]
}

/** What is absent stays; a public name of null is taken away. Additional properties replace all there were. */
export interface WalletAddressChange {
  readonly publicName?: string | null
  readonly status?: WalletAddressStatus | null
  readonly additionalProperties?: readonly AdditionalProperty[]
}

/** `id` is the transfer's UUID, `timeoutSeconds` 0 for one phase; without an amount the whole balance leaves. */
export interface WalletAddressWithdrawal {
  readonly tenantId: TenantScope
  readonly walletAddressId: string
  readonly id: string
  readonly amount?: bigint
  readonly timeoutSeconds: bigint
}

export function isActive({ deactivatedAt }: Pick<WalletAddress, 'deactivatedAt'>, nowMs: number): boolean {
  return deactivatedAt === null || deactivatedAt.getTime() > nowMs
}

/** A currency of one tenant at one scale. `ledger` is its number in the ledger; amounts are in its minor unit. */
export interface Asset {
  readonly id: string
  readonly tenantId: string
  readonly code: string
  readonly scale: number
  readonly ledger: number
  readonly withdrawalThreshold: bigint | null
  readonly liquidityThreshold: bigint | null
  readonly createdAt: Date
}

/** Whose rows a call may see: a tenant's, or, `undefined`, every tenant's. Only the operator's doors pass `undefined`. */
export type TenantScope = string | undefined

export interface NewAsset {
  readonly tenantId: string
  readonly code: string
  readonly scale: number
  readonly withdrawalThreshold?: bigint | null
  readonly liquidityThreshold?: bigint | null
}

/** What an asset's thresholds become; null takes one away. */
export interface AssetChange {
  readonly withdrawalThreshold: bigint | null
  readonly liquidityThreshold: bigint | null
}

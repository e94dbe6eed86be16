/** An account servicing entity on this node; the operator is one itself. */
export interface Tenant {
  readonly id: string
  readonly email: string | null
  readonly publicName: string | null
  /** Signs this tenant's admin requests. */
  readonly apiSecret: string
  readonly settings: TenantSettings
  readonly createdAt: Date
}

/** What holds for a tenant: its own settings over the node's. */
export interface TenantSettings {
  readonly webhookUrl?: string
  readonly exchangeRatesUrl?: string
  readonly walletAddressUrl?: string
  readonly ilpAddress: string
}

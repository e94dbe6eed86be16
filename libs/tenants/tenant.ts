import type { TenantSetting, TenantSettingKey } from './setting-keys.js'

/** An account servicing entity on this node; the operator is one itself. */
export interface Tenant {
  readonly id: string
  readonly email: string | null
  readonly publicName: string | null
  /** Signs this tenant's admin requests. */
  readonly apiSecret: string
  /** Where this tenant's customers are asked for consent, and the secret that page answers with. */
  readonly idpConsentUrl: string | null
  readonly idpSecret: string | null
  readonly webhookSecrets: WebhookSecrets
  readonly settings: TenantSettings
  /** What the tenant has set itself. */
  readonly ownSettings: ReadonlyMap<TenantSettingKey, string>
  readonly createdAt: Date
  /** From when on it is no tenant any more; its rows stay. */
  readonly deletedAt: Date | null
}

/** Sign a tenant's webhooks: `current` always, `former` too until the receiver has had time to change over. */
export interface WebhookSecrets {
  readonly current: string
  readonly former?: { readonly secret: string; readonly until: Date }
}

/** What holds for a tenant: its own settings over the node's. */
export interface TenantSettings {
  readonly webhookUrl?: string
  /** Whether the URL is the tenant's own, and so its receiver knows the tenant's secret and not the node's. */
  readonly hasOwnWebhookUrl: boolean
  readonly webhookTimeoutMs: number
  readonly webhookMaxRetry?: number
  readonly exchangeRatesUrl?: string
  readonly walletAddressUrl?: string
  readonly ilpAddress: string
}

/** `apiSecret` has at least 16 characters; `id` left out: a new one. */
export interface NewTenant {
  readonly id?: string
  readonly email?: string | null
  readonly publicName?: string | null
  readonly apiSecret: string
  readonly idpConsentUrl?: string | null
  readonly idpSecret?: string | null
  readonly settings?: readonly TenantSetting[]
}

/** What is absent stays; null takes it away. */
export interface TenantChange {
  readonly email?: string | null
  readonly publicName?: string | null
  readonly apiSecret?: string
  readonly idpConsentUrl?: string | null
  readonly idpSecret?: string | null
}

import type { Tenant, TenantSetting } from '@kivuko/tenants'

/** What a tenant has set itself, and what holds for it by default and is no secret of the operator's. */
export function settingsView({ ownSettings, settings }: Pick<Tenant, 'ownSettings' | 'settings'>): TenantSetting[] {
  const { ilpAddress, webhookTimeoutMs, webhookMaxRetry } = settings
  const shown = new Map(ownSettings)
  shown.set('ILP_ADDRESS', ilpAddress)
  shown.set('WEBHOOK_TIMEOUT', `${webhookTimeoutMs}`)
  if (webhookMaxRetry !== undefined) shown.set('WEBHOOK_MAX_RETRY', `${webhookMaxRetry}`)
  return [...shown].map(([key, value]) => ({ key, value }))
}

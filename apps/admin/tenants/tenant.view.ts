import type { Tenant } from '@kivuko/tenants'
import { settingsView } from './settings.view.js'

/** GraphQL's Tenant. Its secrets are seen by whoever sees the tenant at all: itself, and the operator. */
export function tenantView(tenant: Tenant) {
  const { id, email, publicName, apiSecret, idpConsentUrl, idpSecret, webhookSecrets, createdAt, deletedAt } = tenant
  return {
    ...{ id, email, publicName, apiSecret, idpConsentUrl, idpSecret },
    webhookSecret: webhookSecrets.current,
    formerWebhookSecretUntil: webhookSecrets.former?.until.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    deletedAt: deletedAt?.toISOString() ?? null,
    settings: settingsView(tenant),
  }
}

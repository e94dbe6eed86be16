import { TenantRow, TenantSettingRow } from './tenant.entity.js'

export { IdempotencyKeys, type KeyedCall } from './idempotency-keys.js'
export { isInternalLiteral, isWrittenAsInternal, NOT_PUBLIC, publicLookup } from './public-address.js'
export { openSealedBytes, openSealedText, sealBytes, sealText } from './sealed-text.js'
export {
  LONGEST_WEBHOOK_TIMEOUT_MS,
  type TenantSetting,
  type TenantSettingKey,
  tenantSettingKeys,
} from './setting-keys.js'
export type { NewTenant, Tenant, TenantChange, TenantSettings, WebhookSecrets } from './tenant.js'
export { TenantAdministration } from './tenant-administration.js'
export { TenantConnections } from './tenant-connections.js'
export { tenantsMigrations } from './tenants.migrations.js'
export { TenantsModule } from './tenants.module.js'
export { TenantsService } from './tenants.service.js'
export { UsedSignatures } from './used-signatures.js'

export const tenantsEntities = [TenantRow, TenantSettingRow]

import { TenantRow, TenantSettingRow } from './tenant.entity.js'

export type { Tenant, TenantSettings } from './tenant.js'
export { tenantsMigrations } from './tenants.migrations.js'
export { TenantsModule } from './tenants.module.js'
export { TenantsService } from './tenants.service.js'

export const tenantsEntities = [TenantRow, TenantSettingRow]

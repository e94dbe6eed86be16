import type { Tenant } from '@kivuko/tenants'

/** What a tenant's view is made of. */
export type TenantSource = Pick<Tenant, 'id' | 'email' | 'publicName' | 'createdAt'>

/** GraphQL's Tenant. */
export function tenantView({ id, email, publicName, createdAt }: TenantSource) {
  return { id, email, publicName, createdAt: createdAt.toISOString() }
}

import type { Tenant } from '@kivuko/tenants'
import { type GraphQLSchema, isObjectType } from 'graphql'
import { tenantView } from './tenant.view.js'

/** Where tenants are found: in memory, so that a list of rows asks no database for each. */
export interface TenantsById {
  get(id: string): Promise<Tenant | undefined>
}

/** Every `tenant` field of a row is answered alike: by the row's tenantId. */
export function resolveTenants(schema: GraphQLSchema, tenants: TenantsById): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    const field = isObjectType(type) ? type.getFields().tenant : undefined
    if (field === undefined || String(field.type) !== 'Tenant') continue
    field.resolve = async ({ tenantId }: { readonly tenantId: string }) => {
      const tenant = await tenants.get(tenantId)
      return tenant ? tenantView(tenant) : null
    }
  }
  return schema
}

import { DomainError } from '@kivuko/platform'
import { defaultFieldResolver, type GraphQLSchema } from 'graphql'
import type { TenantsById } from './resolve-tenants.js'

/** A mutation for another tenant is refused before it runs when there is no such tenant, or not any more. */
export function requireTenants(schema: GraphQLSchema, tenants: TenantsById): GraphQLSchema {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const resolve = field.resolve ?? defaultFieldResolver
    field.resolve = async (source, args, context, about) => {
      const tenantId = tenantIdOf(args.input)
      if (tenantId !== undefined && (await tenants.get(tenantId.toLowerCase())) === undefined) throw refused(tenantId)
      return resolve(source, args, context, about)
    }
  }
  return schema
}

function tenantIdOf(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null || !('tenantId' in input)) return undefined
  return typeof input.tenantId === 'string' ? input.tenantId : undefined
}

function refused(tenantId: string): DomainError {
  const message = `Assignment to the specified tenant is not permitted: "${tenantId.slice(0, 64)}": there is no such tenant`
  return new DomainError('invalid', 'TenantNotPermitted', message)
}

import { isUuid } from '@kivuko/assets'
import { DomainError } from '@kivuko/platform'
import type { Caller } from '../callers/caller.js'

/** The id, for its tenant and for the operator; to others there is no such tenant. */
export function ownTenantId({ tenantId, isOperator }: Caller, id: string): string {
  const wanted = id.toLowerCase()
  if (isUuid(wanted) && (isOperator || wanted === tenantId)) return wanted
  throw new DomainError('not-found', 'UnknownTenant', `There is no tenant "${id.slice(0, 64)}"`)
}

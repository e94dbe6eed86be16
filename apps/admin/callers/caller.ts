import { isUuid } from '@kivuko/assets'
import { DomainError } from '@kivuko/platform'

/** Who signed a request. */
export interface Caller {
  readonly tenantId: string
  /** The operator of this node, who may act for and see every tenant. */
  readonly isOperator: boolean
}

/** Whose rows the caller may see: its own; undefined, for the operator, everyone's. */
export function visibleTo(caller: Caller): string | undefined {
  return caller.isOperator ? undefined : caller.tenantId
}

/** The same for a list, which the operator may narrow to one tenant. */
export function listedFor(caller: Caller, tenantId: string | null | undefined): string | undefined {
  if (tenantId === null || tenantId === undefined) return visibleTo(caller)
  return actingFor(caller, tenantId)
}

/** The tenant a mutation belongs to: the caller's own unless the operator names another. */
export function actingFor(caller: Caller, tenantId: string | null | undefined): string {
  if (tenantId === null || tenantId === undefined || tenantId === caller.tenantId) return caller.tenantId
  if (!isUuid(tenantId)) throw notPermitted(tenantId, 'it is no UUID')
  if (!caller.isOperator) throw notPermitted(tenantId, 'it is not the tenant that signed this call; leave tenantId out')
  return tenantId
}

function notPermitted(tenantId: string, why: string): DomainError {
  const message = `Assignment to the specified tenant is not permitted: "${tenantId.slice(0, 64)}": ${why}`
  return new DomainError('invalid', 'TenantNotPermitted', message)
}

import { DomainError } from '@kivuko/platform'
import type { NewAsset } from './asset.js'
import { violatedConstraint } from './violated-constraint.js'

export function unknownAsset(id: string): DomainError {
  return new DomainError(
    'not-found',
    'UnknownAsset',
    `No asset has the id "${id}"; list the assets to find the right one`,
  )
}

/** The caller's mistake behind a failed insert, or the failure itself. */
export function explainInsert(error: unknown, { tenantId, code, scale }: NewAsset): unknown {
  switch (violatedConstraint(error)) {
    case 'assets_code_scale_unique': {
      const message = `An asset ${code} with scale ${scale} exists already; use it, or choose another code or scale`
      return new DomainError('duplicate', 'DuplicateAsset', message)
    }
    case 'assets_tenant_id_fkey':
      return new DomainError('not-found', 'UnknownTenant', `No tenant has the id "${tenantId}"`)
    default:
      return error
  }
}

export function tooManyAssets(limit: number): DomainError {
  return new DomainError('limited', 'TooManyAssets', `This node keeps up to ${limit} assets, and has them`)
}

export function assetInUse(id: string, user: string): DomainError {
  const message = `Asset "${id}" is used by ${user}; it can be deleted once nothing uses it`
  return new DomainError('forbidden', 'CannotDeleteInUseAsset', message)
}

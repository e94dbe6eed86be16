import { DomainError } from '@kivuko/platform'

export function unknownTenant(id: string): DomainError {
  return new DomainError('not-found', 'UnknownTenant', `There is no tenant ${id}. Check the tenant-id that was sent.`)
}

import { DomainError } from '@kivuko/platform'

export function unknownTenant(id: string): DomainError {
  return new DomainError('not-found', 'UnknownTenant', `There is no tenant ${id}. Check the tenant-id that was sent.`)
}

export function invalidTenantId(id: string): DomainError {
  const message = `The id of a tenant is a UUID of version 4, found "${id.slice(0, 64)}"; leave it out to get one`
  return new DomainError('invalid', 'InvalidTenantId', message)
}

export function duplicateTenant(id: string): DomainError {
  return new DomainError('duplicate', 'DuplicateTenant', `There is or was a tenant ${id}; take another id`)
}

export function invalidTenant(field: string, expected: string): DomainError {
  return new DomainError('invalid', 'InvalidTenant', `${field} must be ${expected}`)
}

export function invalidSetting(key: string, value: string, expected: string): DomainError {
  const message = `Invalid value for the setting ${key}: found "${value.slice(0, 200)}", expected ${expected}`
  return new DomainError('invalid', 'InvalidSetting', message)
}

export function settingTaken(walletAddressUrl: string): DomainError {
  const message = `WALLET_ADDRESS_URL "${walletAddressUrl}" is that of another tenant; each has its own`
  return new DomainError('duplicate', 'DuplicateWalletAddressUrl', message)
}

/** Where the operator's own secrets come from: its configuration, at the start. */
export function operatorsByConfiguration(what: string, variable: string): DomainError {
  const message = `The operator's ${what} cannot be changed over the admin API: set ${variable} and start again`
  return new DomainError('invalid', 'OperatorByConfiguration', message)
}

import { settingTaken } from './errors.js'
import type { TenantSetting } from './setting-keys.js'
import type { Tenant } from './tenant.js'
import { brokenUnique } from './tenants.queries.js'

/** The tenants that already have addresses. */
export interface AddressOwners {
  readonly operatorTenantId: string
  all(): Iterable<Pick<Tenant, 'id' | 'settings'>>
}

/**
 * Throws when a tenant would take an address that is another's. ILP addresses may not lie within each other either:
 * packets go by prefix. Every tenant's lies below the operator's, which is the node's own.
 */
export function checkOwnAddresses(id: string, settings: readonly TenantSetting[], owners: AddressOwners): void {
  for (const { key, value } of settings) {
    for (const other of owners.all()) {
      if (other.id === id) continue
      const isBelowOperator = other.id === owners.operatorTenantId
      if (key === 'WALLET_ADDRESS_URL' && other.settings.walletAddressUrl?.toLowerCase() === value) {
        throw settingTaken(key, value)
      }
      if (key === 'ILP_ADDRESS' && overlaps(value, other.settings.ilpAddress, isBelowOperator)) {
        throw settingTaken(key, value)
      }
    }
  }
}

/** The same refusal where two tenants were quicker than the check: the index has the last word. */
export function explainTaken(error: unknown, settings: readonly TenantSetting[]): unknown {
  if (brokenUnique(error) !== 'tenant_settings_one_owner') return error
  const taken = settings.find(({ key }) => key === 'ILP_ADDRESS' || key === 'WALLET_ADDRESS_URL')
  return taken?.key === 'ILP_ADDRESS' || taken?.key === 'WALLET_ADDRESS_URL'
    ? settingTaken(taken.key, taken.value)
    : error
}

function overlaps(own: string, other: string, mayLieBelow: boolean): boolean {
  if (own === other || other.startsWith(`${own}.`)) return true
  return !mayLieBelow && own.startsWith(`${other}.`)
}

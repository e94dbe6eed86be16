import { invalidSetting, settingTaken } from './errors.js'
import type { TenantSetting } from './setting-keys.js'
import type { Tenant } from './tenant.js'
import { brokenUnique } from './tenants.queries.js'

/** The tenants that already have addresses, and the ILP address of any. */
export interface AddressOwners {
  all(): Iterable<Pick<Tenant, 'id' | 'settings'>>
  ilpAddressOf(tenantId: string): string
}

/** Throws when a tenant would take an address that is another's, or an ILP address other than the one it has. */
export function checkOwnAddresses(id: string, settings: readonly TenantSetting[], owners: AddressOwners): void {
  for (const { key, value } of settings) {
    if (key === 'ILP_ADDRESS') checkIlpAddress(value, owners.ilpAddressOf(id))
    if (key !== 'WALLET_ADDRESS_URL') continue
    for (const other of owners.all()) {
      if (other.id !== id && other.settings.walletAddressUrl?.toLowerCase() === value) throw settingTaken(value)
    }
  }
}

/** The same refusal where two tenants were quicker than the check: the index has the last word. */
export function explainTaken(error: unknown, settings: readonly TenantSetting[]): unknown {
  if (brokenUnique(error) !== 'tenant_settings_one_owner') return error
  const taken = settings.find(({ key }) => key === 'WALLET_ADDRESS_URL')
  return taken === undefined ? error : settingTaken(taken.value)
}

function checkIlpAddress(value: string, own: string): void {
  if (value === own) return
  throw invalidSetting('ILP_ADDRESS', value, `"${own}", the address that this node gives the tenant; leave it out`)
}

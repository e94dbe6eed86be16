import { invalidSetting } from './errors.js'
import { isWrittenAsInternal } from './public-address.js'

/** Rafiki's keys of what a tenant may set for itself. */
export const tenantSettingKeys = [
  'EXCHANGE_RATES_URL',
  'WEBHOOK_URL',
  'WEBHOOK_TIMEOUT',
  'WEBHOOK_MAX_RETRY',
  'WALLET_ADDRESS_URL',
  'ILP_ADDRESS',
] as const

export type TenantSettingKey = (typeof tenantSettingKeys)[number]

export interface TenantSetting {
  readonly key: TenantSettingKey
  readonly value: string
}

/** The longest a tenant may let its webhook receiver take: a delivery under way holds a place until then. */
export const LONGEST_WEBHOOK_TIMEOUT_MS = 60_000

const MAX_RETRY = 10_000
const MAX_CHARACTERS = 1_024

// RFC 15: an allocation scheme, then segments of letters, digits, "_", "~" and "-"; at most 1023 characters.
const ILP_ADDRESS = /^(?=.{1,1023}$)(g|private|example|peer|self|test[1-3]?|local)(\.[A-Za-z0-9_~-]+)+$/

const readers: Readonly<Record<TenantSettingKey, (value: string) => string | undefined>> = {
  EXCHANGE_RATES_URL: readHttpUrl,
  WEBHOOK_URL: readHttpUrl,
  WEBHOOK_TIMEOUT: (value) => readWhole(value, 1, LONGEST_WEBHOOK_TIMEOUT_MS),
  WEBHOOK_MAX_RETRY: (value) => readWhole(value, 0, MAX_RETRY),
  WALLET_ADDRESS_URL: readBaseUrl,
  ILP_ADDRESS: (value) => (ILP_ADDRESS.test(value) ? value : undefined),
}

const expected: Readonly<Record<TenantSettingKey, string>> = {
  EXCHANGE_RATES_URL: 'an http or https address without credentials',
  WEBHOOK_URL: 'an http or https address without credentials',
  WEBHOOK_TIMEOUT: `a whole number of milliseconds from 1 to ${LONGEST_WEBHOOK_TIMEOUT_MS}`,
  WEBHOOK_MAX_RETRY: `a whole number of attempts from 0 to ${MAX_RETRY}`,
  WALLET_ADDRESS_URL: 'an http or https address without credentials, query or fragment',
  ILP_ADDRESS: 'an ILP address such as test.bank.shop or g.bank.shop',
}

export function isTenantSettingKey(key: string): key is TenantSettingKey {
  return tenantSettingKeys.some((known) => known === key)
}

/** A setting as it is kept; throws DomainError InvalidSetting with what would be right. */
export function readSetting({ key, value }: TenantSetting): TenantSetting {
  const read = readers[key](value.trim())
  if (read === undefined) throw invalidSetting(key, value, expected[key])
  return { key, value: read }
}

const requested: ReadonlySet<TenantSettingKey> = new Set(['EXCHANGE_RATES_URL', 'WEBHOOK_URL'])

/** Throws for an address that this node would connect to and that is written as one of its own network. */
export function checkPublic(settings: readonly TenantSetting[]): void {
  for (const { key, value } of settings) {
    if (!requested.has(key)) continue
    if (!isWrittenAsInternal(new URL(value))) continue
    throw invalidSetting(key, value, 'an address on the public internet')
  }
}

function readHttpUrl(value: string): string | undefined {
  if (value.length > MAX_CHARACTERS || !URL.canParse(value)) return undefined
  const { protocol, username, password } = new URL(value)
  return /^https?:$/.test(protocol) && username === '' && password === '' ? value : undefined
}

/** Lower case and without a slash at the end, as wallet addresses are kept. */
function readBaseUrl(value: string): string | undefined {
  if (readHttpUrl(value) === undefined) return undefined
  const { origin, pathname, search, hash } = new URL(value)
  return search === '' && hash === '' ? `${origin}${pathname}`.toLowerCase().replace(/\/+$/, '') : undefined
}

function readWhole(value: string, least: number, most: number): string | undefined {
  if (!/^\d{1,6}$/.test(value)) return undefined
  const whole = Number.parseInt(value, 10)
  return whole >= least && whole <= most ? `${whole}` : undefined
}

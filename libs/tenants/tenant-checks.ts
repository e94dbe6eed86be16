import { invalidTenant, invalidTenantId } from './errors.js'

const UUID_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
// 16 characters are the least that cannot be tried out, as for the operator's own secrets.
const SECRET = /^\S{16,512}$/
const MAX_CHARACTERS = 1_024

export function checkTenantId(id: string): void {
  if (!UUID_4.test(id)) throw invalidTenantId(id)
}

/** The value is not shown: it may be most of a good secret. */
export function checkSecret(field: string, secret: string): void {
  if (!SECRET.test(secret)) {
    throw invalidTenant(field, '16 to 512 characters without spaces (openssl rand -base64 32 makes a good one)')
  }
}

/** What a tenant may be described with; what is absent or null is not checked. */
export interface TenantDescription {
  readonly email?: string | null
  readonly publicName?: string | null
  readonly idpConsentUrl?: string | null
  readonly idpSecret?: string | null
}

export function checkDescription({ email, publicName, idpConsentUrl, idpSecret }: TenantDescription): void {
  checkLength('email', email)
  checkLength('publicName', publicName)
  checkLength('idpSecret', idpSecret)
  checkLength('idpConsentUrl', idpConsentUrl)
  if (typeof idpConsentUrl === 'string' && !isHttpUrl(idpConsentUrl)) {
    throw invalidTenant('idpConsentUrl', `an http or https address, found "${idpConsentUrl}"`)
  }
}

function checkLength(field: string, text: string | null | undefined): void {
  if (typeof text !== 'string' || text.length <= MAX_CHARACTERS) return
  throw invalidTenant(field, `at most ${MAX_CHARACTERS} characters long, found ${text.length}`)
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

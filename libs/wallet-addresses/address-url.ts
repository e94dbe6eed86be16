import { invalidUrl } from './errors.js'

/** What the tenant's wallet addresses start with, and whether http is taken (a setting for development). */
export interface AddressRules {
  readonly baseUrl: string
  readonly allowHttp: boolean
}

// Paths of the resource server, and of the documents that every wallet address has below itself.
const RESOURCE_PATHS = ['/incoming-payments', '/outgoing-payments', '/outgoing-payment-grant', '/quotes']
const DOCUMENTS = ['/jwks.json', '/did.json']
// What the Open Payments door answers itself, for load balancers.
const DOOR_PATHS = ['/healthz', '/livez', '/readyz']
// An index row of Postgres holds 2,700 bytes; no address that people pass on comes near this.
const MAX_CHARACTERS = 1_024

/**
 * The address as it is stored: a whole URL, or a path joined to the tenant's base, in lower case, without a trailing
 * slash. Throws DomainError InvalidUrl with what is wrong.
 */
export function resolveAddress(address: string, { baseUrl, allowHttp }: AddressRules): string {
  const base = withoutTrailingSlash(baseUrl.toLowerCase())
  const isWhole = URL.canParse(address)
  const text = isWhole ? address : `${base}/${address.replace(/^\//, '')}`
  if (!URL.canParse(text)) throw invalidUrl(address, 'it is no URL and no path')
  const url = new URL(text)
  checkForm(address, url, allowHttp)
  checkPath(address, url.pathname.toLowerCase())
  const resolved = withoutTrailingSlash(`${url.origin}${url.pathname}`.toLowerCase())
  if (!resolved.startsWith(`${withoutTrailingSlash(new URL(base).href)}/`)) {
    throw invalidUrl(address, `it has to be below "${base}", the tenant's wallet address URL`)
  }
  return resolved
}

/** The stored form of an address someone asks for; undefined when it cannot be one. */
export function lookupForm(url: string): string | undefined {
  if (url.length > MAX_CHARACTERS || !URL.canParse(url)) return undefined
  const { origin, pathname, search, hash, username, password } = new URL(url)
  if (search !== '' || hash !== '' || username !== '' || password !== '') return undefined
  return withoutTrailingSlash(`${origin}${pathname}`.toLowerCase())
}

function checkForm(address: string, url: URL, allowHttp: boolean): void {
  if (url.protocol !== 'https:' && !(allowHttp && url.protocol === 'http:')) {
    throw invalidUrl(address, `it has to start with https://, found ${url.protocol}`)
  }
  if (url.username !== '' || url.password !== '') throw invalidUrl(address, 'it carries a user name or password')
  if (url.search !== '') throw invalidUrl(address, 'it has a query (?)')
  if (url.hash !== '') throw invalidUrl(address, 'it has a fragment (#)')
  if (url.href.length > MAX_CHARACTERS) throw invalidUrl(address, `it is longer than ${MAX_CHARACTERS} characters`)
}

function checkPath(address: string, path: string): void {
  if (path === '/') throw invalidUrl(address, 'it has no path; add the name of the account')
  if (path.includes('//')) throw invalidUrl(address, 'its path has an empty part')
  if (DOOR_PATHS.includes(withoutTrailingSlash(path))) {
    throw invalidUrl(address, `"${path}" is a path that this server answers itself`)
  }
  for (const taken of RESOURCE_PATHS) {
    if (path.includes(taken)) throw invalidUrl(address, `its path contains "${taken}", which is a path of this server`)
  }
  for (const taken of DOCUMENTS) {
    if (path.endsWith(taken)) throw invalidUrl(address, `"${taken}" is a document of every wallet address`)
  }
}

function withoutTrailingSlash(url: string): string {
  return url.endsWith('/') ? url.slice(0, -1) : url
}

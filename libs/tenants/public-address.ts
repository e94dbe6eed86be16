import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Finds all addresses of a host, as node:dns does. */
export type Resolve = (
  host: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/** The code of the error of a connection that was not made. */
export const NOT_PUBLIC = 'NOT_PUBLIC'

/** Whether an address belongs to the open internet: not to this machine, its network, or a tunnel into one. */
export function isPublicAddress(address: string): boolean {
  // An IPv4 address inside an IPv6 one is judged as what is reached.
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast'
}

/**
 * A lookup for connections that strangers name: a host with any address that is not public is not connected to. The
 * address checked is the one connected to, so a name that changes in between gains nothing.
 */
export function publicLookup(resolve: Resolve = lookup): LookupFunction {
  return (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      const refused = error ?? refusal(host, addresses)
      const [first] = addresses ?? []
      if (refused !== null || first === undefined) done(refused ?? noAddress(host), [])
      else if (options.all === true) done(null, addresses)
      else done(null, first.address, first.family)
    })
  }
}

/** Whether a URL is written as one of this network: an address, or the name that every machine has for itself. */
export function isWrittenAsInternal(url: URL): boolean {
  return isInternalLiteral(url) || /^localhost\.?$/i.test(url.hostname)
}

/** Whether a URL's host is written as an address of its own, for which no lookup is made, and not a public one. */
export function isInternalLiteral({ hostname }: URL): boolean {
  const address = hostname.replace(/^\[|\]$/g, '')
  return isIP(address) > 0 && !isPublicAddress(address)
}

function refusal(host: string, addresses: readonly LookupAddress[]): Error | null {
  const isInternal = addresses.some(({ address }) => !isPublicAddress(address))
  return isInternal ? Object.assign(new Error(`${host} is not on the public internet`), { code: NOT_PUBLIC }) : null
}

function noAddress(host: string): Error {
  return new Error(`${host} has no address`)
}

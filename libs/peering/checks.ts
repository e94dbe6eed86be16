import { checkU64 } from '@kivuko/assets'
import { isValidIlpAddress, schemeOf } from '@kivuko/ilp'
import { DomainError } from '@kivuko/platform'
import {
  duplicateIncomingToken,
  invalidEndpoint,
  invalidRoute,
  invalidStaticIlpAddress,
  invalidToken,
  tooMany,
} from './errors.js'
import type { PeerHttp, PeerLimits } from './peer.js'

// Enough to rotate one token while others stay in use.
const MAX_TOKENS_PER_PEER = 16
// A peer that needs more sends us its routes one day by protocol, not by hand.
const MAX_ROUTES_PER_PEER = 1_000
// Longer than any token in use, short enough for every HTTP header limit.
const MAX_TOKEN_CHARACTERS = 2_048
// RFC 6750: what a bearer token can carry through an Authorization header.
const TOKEN = /^[\x21-\x7e]+$/
// RFC 15: addresses of these schemes mean the receiving node itself or its own network, and are never routed to a peer.
const UNROUTABLE_SCHEMES = new Set(['peer', 'self', 'local'])

export function checkStaticIlpAddress(address: string, ownAddress: string): void {
  if (!isValidIlpAddress(address)) {
    throw invalidStaticIlpAddress(address, 'it is no ILP address, such as "test.bank" or "g.bank.branch" (RFC 15)')
  }
  if (UNROUTABLE_SCHEMES.has(schemeOf(address))) {
    throw invalidStaticIlpAddress(address, `packets to "${schemeOf(address)}." addresses are never sent on`)
  }
  if (address === ownAddress) throw invalidStaticIlpAddress(address, 'it is the address of this node itself')
}

/** A route is an address prefix: a whole address, or a scheme alone ("g"), which makes the peer the way to all of it. */
export function checkRoutes(routes: readonly string[]): void {
  if (routes.length > MAX_ROUTES_PER_PEER) throw tooMany('TooManyRoutes', 'Routes of one peer', MAX_ROUTES_PER_PEER)
  for (const prefix of routes) {
    if (!isValidIlpAddress(prefix) && !isValidIlpAddress(`${prefix}.x`)) {
      throw invalidRoute(prefix, 'it is no prefix of an ILP address, such as "g" or "test.bank"')
    }
    if (UNROUTABLE_SCHEMES.has(schemeOf(prefix))) {
      throw invalidRoute(prefix, `packets to "${schemeOf(prefix)}." addresses are never sent on`)
    }
  }
}

export function checkHttp({ incoming, outgoing }: PeerHttp): void {
  checkEndpoint(outgoing.endpoint)
  checkToken('http.outgoing.authToken', outgoing.authToken)
  const tokens = incoming?.authTokens ?? []
  if (tokens.length > MAX_TOKENS_PER_PEER) {
    throw tooMany('TooManyIncomingTokens', 'Incoming tokens of one peer', MAX_TOKENS_PER_PEER)
  }
  for (const [index, token] of tokens.entries()) checkToken(`http.incoming.authTokens[${index}]`, token)
  if (new Set(tokens).size < tokens.length) throw duplicateIncomingToken()
}

/** Amounts and limits are as wide as a packet's: unsigned 64 bits. */
export function checkAmounts(peer: {
  readonly maxPacketAmount?: bigint | null
  readonly liquidityThreshold?: bigint | null
  readonly limits?: Partial<PeerLimits>
}): void {
  checkU64('maxPacketAmount', peer.maxPacketAmount)
  checkU64('liquidityThreshold', peer.liquidityThreshold)
  checkU64('limits.incomingAmountPerSecond', peer.limits?.incomingAmountPerSecond)
  checkU64('limits.outgoingAmountPerSecond', peer.limits?.outgoingAmountPerSecond)
  const packets = peer.limits?.packetsPerMinute
  if (packets === null || packets === undefined) return
  if (!Number.isInteger(packets) || packets < 1 || packets > 2 ** 31 - 1) {
    const message = `limits.packetsPerMinute is a whole number from 1 to ${2 ** 31 - 1}, found ${packets}`
    throw new DomainError('invalid', 'InvalidPacketLimit', message)
  }
}

function checkEndpoint(endpoint: string): void {
  if (!URL.canParse(endpoint)) throw invalidEndpoint(endpoint, 'it is no URL, such as "https://bank.example/ilp"')
  const url = new URL(endpoint)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw invalidEndpoint(endpoint, `its scheme is "${url.protocol}", expected https: (or http: in a private network)`)
  }
  if (url.hostname.split('.').includes('')) throw invalidEndpoint(endpoint, 'its host name has an empty part')
  if (url.username !== '' || url.password !== '') {
    throw invalidEndpoint(hideUser(url), 'it carries a user name or password; give a token in http.outgoing.authToken')
  }
  if (url.hash !== '') throw invalidEndpoint(endpoint, 'it has a fragment (#), which HTTP never sends')
}

function hideUser(url: URL): string {
  return `${url.protocol}//…@${url.host}${url.pathname}`
}

function checkToken(field: string, token: string): void {
  if (token.length === 0) throw invalidToken(field, 'is empty; give a long random token')
  if (token.length > MAX_TOKEN_CHARACTERS) {
    throw invalidToken(field, `has ${token.length} characters; at most ${MAX_TOKEN_CHARACTERS} are taken`)
  }
  if (!TOKEN.test(token))
    throw invalidToken(field, 'has a blank or a character outside visible ASCII, which HTTP cannot carry')
}

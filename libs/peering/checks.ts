import { checkU64 } from '@kivuko/assets'
import { isValidIlpAddress, schemeOf } from '@kivuko/ilp'
import { DomainError } from '@kivuko/platform'
import { isWrittenAsInternal } from '@kivuko/tenants'
import {
  duplicateIncomingToken,
  invalidCallbackUrl,
  invalidEndpoint,
  invalidJwt,
  invalidRoute,
  invalidStaticIlpAddress,
  invalidToken,
  tooMany,
} from './errors.js'
import type { IncomingHttp, OutgoingHttp, Peer, PeerHttp, PeerLimits } from './peer.js'

// Enough to rotate one token while others stay in use.
const MAX_TOKENS_PER_PEER = 16
// A peer that needs more sends us its routes one day by protocol, not by hand.
const MAX_ROUTES_PER_PEER = 1_000
// Longer than any token in use, short enough for every HTTP header limit.
const MAX_TOKEN_CHARACTERS = 2_048
// One in use and the next, with some to spare: each is tried for a token of the peer.
const MAX_SECRETS_PER_PEER = 4
// More would only be tried one after another until the packet expires.
const MAX_ENDPOINTS_PER_PEER = 8
const MAX_SUBJECT_CHARACTERS = 255
// RFC 7518 §3.2: a key of at least the hash's length; beyond its block nothing is gained.
const MIN_SECRET_BYTES = 32
const MAX_SECRET_BYTES = 1_024
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
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

/** `current` is the peer that is being changed: what `http` leaves alone stays as it is there. */
export function checkHttp({ incoming, outgoing }: PeerHttp, current?: Pick<Peer, 'outgoingOptions'>): void {
  checkEndpoints(outgoing)
  const jwtSubject = outgoing.jwtSubject === undefined ? current?.outgoingOptions?.jwtSubject : outgoing.jwtSubject
  if (jwtSubject) {
    checkSubject('http.outgoing.jwtSubject', jwtSubject)
    checkSecret('http.outgoing.authToken', outgoing.authToken)
  } else checkToken('http.outgoing.authToken', outgoing.authToken)
  checkIncoming(incoming ?? {})
}

/** For a peer of a tenant who is not to reach into this node's network. Names are looked at when they are connected to. */
export function checkPublic({ incoming, outgoing }: PeerHttp): void {
  const why = 'it is not on the public internet; the operator can allow such addresses with TENANT_URLS_ALLOW_INTERNAL'
  for (const endpoint of [outgoing.endpoint, ...(outgoing.furtherEndpoints ?? [])]) {
    if (isWrittenAsInternal(new URL(endpoint))) throw invalidEndpoint(endpoint, why)
  }
  const callbackUrl = incoming?.callbackUrl
  if (callbackUrl && isWrittenAsInternal(new URL(callbackUrl))) throw invalidCallbackUrl(callbackUrl, why)
}

export function checkTokenCount(count: number): void {
  if (count <= MAX_TOKENS_PER_PEER) return
  throw tooMany('TooManyIncomingTokens', 'Incoming tokens of one peer', MAX_TOKENS_PER_PEER)
}

function checkIncoming({ authTokens, jwt, callbackUrl }: IncomingHttp): void {
  const tokens = authTokens ?? []
  checkTokenCount(tokens.length)
  for (const [index, token] of tokens.entries()) checkToken(`http.incoming.authTokens[${index}]`, token)
  if (new Set(tokens).size < tokens.length) throw duplicateIncomingToken()
  if (jwt) {
    checkSubject('http.incoming.jwt.subject', jwt.subject)
    if (jwt.secrets.length === 0) throw invalidJwt('http.incoming.jwt.secrets', 'is empty; give one, or two to rotate')
    if (jwt.secrets.length > MAX_SECRETS_PER_PEER) {
      throw tooMany('TooManyJwtSecrets', 'JWT secrets of one peer', MAX_SECRETS_PER_PEER)
    }
    for (const [index, secret] of jwt.secrets.entries()) checkSecret(`http.incoming.jwt.secrets[${index}]`, secret)
  }
  if (callbackUrl) checkUrl(callbackUrl, invalidCallbackUrl)
}

function checkEndpoints({ endpoint, furtherEndpoints }: OutgoingHttp): void {
  const endpoints = [endpoint, ...(furtherEndpoints ?? [])]
  if (endpoints.length > MAX_ENDPOINTS_PER_PEER) {
    throw tooMany('TooManyEndpoints', 'Endpoints of one peer', MAX_ENDPOINTS_PER_PEER)
  }
  for (const one of endpoints) checkUrl(one, invalidEndpoint)
  const twice = endpoints.find((one, index) => endpoints.indexOf(one) !== index)
  if (twice !== undefined) throw invalidEndpoint(twice, 'it is given twice')
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

function checkUrl(text: string, refusal: (url: string, why: string) => DomainError): void {
  if (!URL.canParse(text)) throw refusal(text, 'it is no URL, such as "https://bank.example/ilp"')
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refusal(text, `its scheme is "${url.protocol}", expected https: (or http: in a private network)`)
  }
  if (url.hostname.split('.').includes('')) throw refusal(text, 'its host name has an empty part')
  if (url.username !== '' || url.password !== '') {
    throw refusal(hideUser(url), 'it carries a user name or password; give a token in http.outgoing.authToken')
  }
  if (url.hash !== '') throw refusal(text, 'it has a fragment (#), which HTTP never sends')
}

function checkSubject(field: string, subject: string): void {
  if (subject.length > 0 && subject.length <= MAX_SUBJECT_CHARACTERS) return
  throw invalidJwt(field, `is 1 to ${MAX_SUBJECT_CHARACTERS} characters, found ${subject.length}`)
}

/** Told without the secret. */
function checkSecret(field: string, secret: string): void {
  if (!BASE64.test(secret)) throw invalidJwt(field, 'is no base64 text (RFC 4648 §4)')
  const bytes = Buffer.from(secret, 'base64').length
  if (bytes >= MIN_SECRET_BYTES && bytes <= MAX_SECRET_BYTES) return
  throw invalidJwt(
    field,
    `stands for ${bytes} bytes; HS256 takes ${MIN_SECRET_BYTES} to ${MAX_SECRET_BYTES} random ones`,
  )
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

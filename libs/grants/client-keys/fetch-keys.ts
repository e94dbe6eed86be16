import type { KeyObject } from 'node:crypto'
import { messageOf } from '@kivuko/platform'
import { isInternalLiteral, publicLookup } from '@kivuko/tenants'
import { Agent, type Dispatcher, request } from 'undici'
import { z } from 'zod'
import { readLimited } from '../read-limited.js'
import { ed25519Jwk, publicKeyOf } from '../signatures/ed25519-key.js'
import { SignatureRefused } from '../signatures/signature-refused.js'

/** A client's keys by their ids. */
export type KeySet = ReadonlyMap<string, KeyObject>

/** Fetches the keys of the client with this wallet address. Throws SignatureRefused. */
export type FetchKeys = (walletAddress: string) => Promise<KeySet>

// The client waits for it, and so does whoever it pays.
const TIMEOUT_MS = 3_000
// A hundred keys are 20 kB.
const MAX_BODY_BYTES = 65_536
const MAX_KEYS = 100
const CONNECTIONS_PER_HOST = 4

const jwks = z.object({ keys: z.array(z.unknown()).max(MAX_KEYS) })

/** Where a client's keys may be fetched from. */
export interface KeyFetching {
  /** Development: http and addresses of this machine and its network too. */
  readonly allowLocal: boolean
}

/** Connections to hosts that clients name, for keys and nothing else. */
export function keyConnections({ allowLocal }: KeyFetching): Agent {
  return new Agent({
    connections: CONNECTIONS_PER_HOST,
    maxResponseSize: MAX_BODY_BYTES,
    connect: { timeout: TIMEOUT_MS, ...(!allowLocal && { lookup: publicLookup() }) },
  })
}

/** Reads `<walletAddress>/jwks.json`, following no redirect. Keys that are not Ed25519 are passed over. */
export function fetchKeysWith(dispatcher: Dispatcher, fetching: KeyFetching): FetchKeys {
  return async (walletAddress) => {
    const url = jwksUrl(walletAddress, fetching)
    try {
      return readKeys(await get(url, dispatcher))
    } catch (error) {
      const why = messageOf(error).slice(0, 200)
      throw new SignatureRefused(`the client's keys could not be read at ${url}: ${why}`)
    }
  }
}

/** Open Payments §wallet address: the path is appended, whatever the wallet address' own path is. */
function jwksUrl(walletAddress: string, { allowLocal }: KeyFetching): string {
  const url = URL.canParse(walletAddress) ? new URL(walletAddress) : undefined
  const isPlain = url !== undefined && !url.username && !url.password && !url.search && !url.hash
  const isAllowed = isPlain && (allowLocal || (url.protocol === 'https:' && !isInternalLiteral(url)))
  if (url === undefined || !isAllowed || !/^https?:$/.test(url.protocol)) {
    throw new SignatureRefused(`the client's wallet address ${walletAddress.slice(0, 200)} is not a public https URL`)
  }
  return `${url.href.replace(/\/+$/, '')}/jwks.json`
}

async function get(url: string, dispatcher: Dispatcher): Promise<string> {
  const response = await request(url, {
    dispatcher,
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  const text = await readLimited(response.body, MAX_BODY_BYTES)
  if (response.statusCode !== 200) throw new Error(`the answer has the status ${response.statusCode}, expected 200`)
  return text
}

function readKeys(text: string): KeySet {
  const { keys } = jwks.parse(JSON.parse(text))
  const usable = keys.flatMap((key) => ed25519Jwk.safeParse(key).data ?? [])
  return new Map(usable.map((jwk) => [jwk.kid, publicKeyOf(jwk)]))
}

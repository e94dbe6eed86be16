import { readLimited } from '@kivuko/grants'
import { isInternalLiteral, publicLookup } from '@kivuko/tenants'
import { Agent, type Dispatcher, request } from 'undici'

/** Where requests to other servers may go. */
export interface Reach {
  /** Development: http and addresses of this machine and its network too. */
  readonly allowLocal: boolean
}

// The reference's clients wait as long; a quote's caller waits for it.
export const TIMEOUT_MS = 5_000
// An incoming payment with generous metadata is a few kilobytes.
const MAX_BODY_BYTES = 65_536
const CONNECTIONS_PER_HOST = 8
// The Fetch standard gives these no body.
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304])

/** Connections to servers that strangers name: to public addresses only, unless local ones are allowed. */
export function guardedConnections({ allowLocal }: Reach): Agent {
  return new Agent({
    connections: CONNECTIONS_PER_HOST,
    connect: { timeout: TIMEOUT_MS, ...(!allowLocal && { lookup: publicLookup() }) },
  })
}

/** Whether a URL is one that this node sends requests to. */
export function isReachable(text: string, { allowLocal }: Reach): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.username !== '' || url.password !== '') return false
  if (allowLocal) return url.protocol === 'https:' || url.protocol === 'http:'
  return url.protocol === 'https:' && !isInternalLiteral(url)
}

/** `fetch` within bounds of time and size, which follows no redirect: the request is signed for one address. */
export function guardedFetch(dispatcher: Dispatcher, reach: Reach): typeof fetch {
  return async (input, init) => {
    const asked = new Request(input, init)
    if (!isReachable(asked.url, reach)) throw new Error(`${asked.url} is not a public https address`)
    const body = asked.body === null ? undefined : Buffer.from(await asked.arrayBuffer())
    const {
      statusCode,
      headers,
      body: answer,
    } = await request(asked.url, {
      dispatcher,
      method: asked.method,
      headers: Object.fromEntries(asked.headers),
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const text = await readLimited(answer, MAX_BODY_BYTES)
    const type = headers['content-type']
    return new Response(WITHOUT_BODY.has(statusCode) ? null : text, {
      status: statusCode,
      headers: typeof type === 'string' ? { 'content-type': type } : {},
    })
  }
}

import type { Peer } from '@kivuko/peering'

type CallbackPeer = Pick<Peer, 'outgoingEndpoint' | 'outgoingOptions' | 'callbackUrl'>

/**
 * Where a peer's reply may be posted: to the address that was configured for it, or to the host of one of its
 * endpoints, by the same scheme. Any other address would let a peer send requests of ours to whom it likes (SSRF).
 */
export function callbackOf(peer: CallbackPeer, asked: string | undefined): string | undefined {
  if (asked === undefined || asked === peer.callbackUrl) return peer.callbackUrl ?? undefined
  if (!URL.canParse(asked)) return undefined
  const url = new URL(asked)
  if (url.username !== '' || url.password !== '' || url.hash !== '') return undefined
  const endpoints = [peer.outgoingEndpoint, ...(peer.outgoingOptions?.furtherEndpoints ?? [])]
  return endpoints.some((endpoint) => new URL(endpoint).origin === url.origin) ? url.href : undefined
}

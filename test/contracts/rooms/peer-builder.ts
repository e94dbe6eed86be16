import type { NewPeer } from '@kivuko/peering'
import { OPERATOR } from './rooms-process.js'

let made = 0

/** A peer of its own address and tokens each time. */
export function newPeer({ assetId, ...over }: Partial<NewPeer> & Pick<NewPeer, 'assetId'>): NewPeer {
  made += 1
  const incoming = { authTokens: [`in-${made}`] }
  const outgoing = { authToken: `out-${made}`, endpoint: 'https://bank.example/ilp' }
  return { tenantId: OPERATOR, assetId, staticIlpAddress: `test.bank${made}`, http: { incoming, outgoing }, ...over }
}

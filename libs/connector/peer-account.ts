import { idFromUuid, type LedgerId } from '@kivuko/accounting'
import type { Asset } from '@kivuko/assets'
import type { Peer } from '@kivuko/peering'

/** A peer as one end of a packet's way through this node. */
export interface PeerAccount {
  readonly kind: 'peer'
  readonly id: string
  readonly tenantId: string
  readonly accountId: LedgerId
  readonly asset: Asset
  readonly peer: Peer
}

// Peers are replaced as a whole when they change, so what was made from one stays right as long as it is used.
const accounts = new WeakMap<Peer, PeerAccount>()

export function peerAccount(peer: Peer): PeerAccount {
  const known = accounts.get(peer)
  if (known) return known
  const { id, tenantId, asset } = peer
  const account: PeerAccount = { kind: 'peer', id, tenantId, accountId: idFromUuid(id), asset, peer }
  accounts.set(peer, account)
  return account
}

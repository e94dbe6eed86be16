import { RoutingTable } from '@kivuko/routing'
import { type IncomingJwt, IncomingJwts } from './incoming-jwts.js'
import { IncomingTokens } from './incoming-tokens.js'
import { type Peer, prefixesOf } from './peer.js'

/** All peers with their tokens and routes, as the packet path reads them. */
export class PeerMemory {
  readonly routing = new RoutingTable()
  readonly jwts = new IncomingJwts()
  private readonly byId = new Map<string, Peer>()
  private readonly byAddress = new Map<string, Peer>()
  private readonly tokens = new IncomingTokens()

  get size(): number {
    return this.byId.size
  }

  ids(): Iterable<string> {
    return this.byId.keys()
  }

  all(): Iterable<Peer> {
    return this.byId.values()
  }

  find(id: string): Peer | undefined {
    return this.byId.get(id)
  }

  findByAddress(assetId: string, staticIlpAddress: string): Peer | undefined {
    return this.byAddress.get(addressKey(assetId, staticIlpAddress))
  }

  findByToken(token: string): Peer | undefined {
    const id = this.tokens.peerOf(token)
    return id === undefined ? undefined : this.byId.get(id)
  }

  put(peer: Peer, tokenDigests: readonly Buffer[], jwt?: IncomingJwt): void {
    this.forgetAddress(peer.id)
    this.byId.set(peer.id, peer)
    this.byAddress.set(addressKey(peer.assetId, peer.staticIlpAddress), peer)
    this.tokens.set(peer.id, tokenDigests)
    this.jwts.set(peer.id, jwt)
    this.routing.setPeer(peer.tenantId, { peerId: peer.id, assetId: peer.assetId }, prefixesOf(peer))
  }

  remove(id: string): void {
    this.forgetAddress(id)
    this.byId.delete(id)
    this.tokens.remove(id)
    this.jwts.remove(id)
    this.routing.removePeer(id)
  }

  private forgetAddress(id: string): void {
    const known = this.byId.get(id)
    if (known === undefined) return
    const key = addressKey(known.assetId, known.staticIlpAddress)
    // An address that passed to another peer in the meantime stays with that one.
    if (this.byAddress.get(key)?.id === id) this.byAddress.delete(key)
  }
}

function addressKey(assetId: string, staticIlpAddress: string): string {
  return `${assetId} ${staticIlpAddress}`
}

import { PrefixTable } from './prefix-table.js'

/** A peer that a prefix leads to, and the asset its account is kept in. */
export interface NextHop {
  readonly peerId: string
  readonly assetId: string
}

export interface NextHopChoice {
  /** A peer that is no candidate: the one the packet came from. */
  readonly except?: string
  /** Among candidates of one prefix, those of this asset come first: no exchange, no loss by rounding. */
  readonly preferAssetId?: string
}

/**
 * The static routes of every tenant. The choice among several next hops is the same in every process and at every
 * time: same asset first, then the smallest peer id. Packets of one connection so stay on one path.
 */
export class RoutingTable {
  private readonly tables = new Map<string, PrefixTable<readonly NextHop[]>>()
  private readonly prefixesOfPeer = new Map<string, { tenantId: string; prefixes: ReadonlySet<string> }>()

  /** Makes `prefixes` the whole of what leads to this peer; earlier ones not among them are forgotten. */
  setPeer(tenantId: string, hop: NextHop, prefixes: Iterable<string>): void {
    this.removePeer(hop.peerId)
    const unique = new Set(prefixes)
    if (unique.size === 0) return
    const table = this.tables.get(tenantId) ?? new PrefixTable<readonly NextHop[]>()
    this.tables.set(tenantId, table)
    for (const prefix of unique) table.set(prefix, [...(table.get(prefix) ?? []), hop].sort(byPeerId))
    this.prefixesOfPeer.set(hop.peerId, { tenantId, prefixes: unique })
  }

  removePeer(peerId: string): void {
    const known = this.prefixesOfPeer.get(peerId)
    if (!known) return
    const table = this.tables.get(known.tenantId)
    for (const prefix of known.prefixes) {
      const others = table?.get(prefix)?.filter((hop) => hop.peerId !== peerId) ?? []
      if (others.length > 0) table?.set(prefix, others)
      else table?.delete(prefix)
    }
    this.prefixesOfPeer.delete(peerId)
    if (table?.size === 0) this.tables.delete(known.tenantId)
  }

  /**
   * The next hop under the longest matching prefix; undefined when there is no route. Shorter prefixes are no fallback
   * when that prefix leads back to `except`: a packet sent on by the default route would circle between two nodes.
   */
  nextHop(tenantId: string, destination: string, choice: NextHopChoice = {}): NextHop | undefined {
    const { except, preferAssetId } = choice
    let first: NextHop | undefined
    for (const hop of this.tables.get(tenantId)?.resolve(destination) ?? []) {
      if (hop.peerId === except) continue
      if (preferAssetId === undefined || hop.assetId === preferAssetId) return hop
      first ??= hop
    }
    return first
  }

  get size(): number {
    let total = 0
    for (const table of this.tables.values()) total += table.size
    return total
  }
}

function byPeerId(a: NextHop, b: NextHop): number {
  return a.peerId < b.peerId ? -1 : a.peerId > b.peerId ? 1 : 0
}

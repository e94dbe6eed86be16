import type { DifferenceKind } from '@kivuko/connector'

/** A packet by which a peer's books may differ from ours. */
export interface OpenDifference {
  /** What `closeBookDifference` takes. */
  readonly id: string
  /** Of the packet's transfer in the ledger. */
  readonly packetId: string
  readonly kind: DifferenceKind
  /** Whose books to compare; null: no peer's. */
  readonly peerId: string | null
  readonly peer: string
  readonly paymentId: string | null
  readonly asset: string
  readonly amount: bigint
  readonly notedAt: Date
}

/** All differences of one kind with one peer's books. */
export interface DifferenceSum {
  readonly kind: DifferenceKind
  readonly peerId: string | null
  readonly peer: string
  readonly asset: string
  readonly packets: number
  readonly amount: bigint
  readonly firstAt: Date
  readonly lastAt: Date
}

/** All differences with one peer's books, whatever their kinds. */
export interface PeerSum extends Omit<DifferenceSum, 'kind' | 'peerId'> {
  readonly peerId: string
}

export interface OpenDifferences {
  readonly sums: readonly DifferenceSum[]
  /** The first so many, the oldest first. */
  readonly packets: readonly OpenDifference[]
  /** How many more there are. */
  readonly leftOff: number
}

/** Sums differences up, and keeps so many of them one by one: a node with millions of them fills no memory. */
export class DifferenceTally {
  private readonly sums = new Map<string, DifferenceSum>()
  private readonly packets: OpenDifference[] = []
  private leftOff = 0

  constructor(private readonly maxPackets: number) {}

  add(difference: OpenDifference): void {
    const { kind, peerId, peer, asset, amount, notedAt } = difference
    const key = [kind, peerId, peer, asset].join('\n')
    const one = { kind, peerId, peer, asset, packets: 1, amount, firstAt: notedAt, lastAt: notedAt }
    this.sums.set(key, together(one, this.sums.get(key)))
    if (this.packets.length < this.maxPackets) this.packets.push(difference)
    else this.leftOff += 1
  }

  result(): OpenDifferences {
    const byPeerAndKind = (a: DifferenceSum, b: DifferenceSum) => compare(a.peer, b.peer) || compare(a.kind, b.kind)
    return {
      sums: [...this.sums.values()].sort(byPeerAndKind),
      packets: this.packets.sort((a, b) => a.notedAt.getTime() - b.notedAt.getTime()),
      leftOff: this.leftOff,
    }
  }
}

/** By peer; what concerns no peer is left out. */
export function sumsByPeer(sums: readonly DifferenceSum[]): PeerSum[] {
  const byPeer = new Map<string, PeerSum>()
  for (const { kind: _, peerId, ...sum } of sums)
    if (peerId !== null) byPeer.set(peerId, together({ peerId, ...sum }, byPeer.get(peerId)))
  return [...byPeer.values()].sort((a, b) => compare(a.peer, b.peer))
}

type Sum = Pick<DifferenceSum, 'packets' | 'amount' | 'firstAt' | 'lastAt'>

function together<T extends Sum>(one: T, other: Sum | undefined): T {
  if (other === undefined) return one
  return {
    ...one,
    packets: one.packets + other.packets,
    amount: one.amount + other.amount,
    firstAt: new Date(Math.min(one.firstAt.getTime(), other.firstAt.getTime())),
    lastAt: new Date(Math.max(one.lastAt.getTime(), other.lastAt.getTime())),
  }
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}

import type { Peer } from '@kivuko/peering'
import type { Clock } from '@kivuko/platform'
import { type Admit, FairPlaces, type PlaceCounts, type SourcePlaces } from './fair-places.js'
import { BUSY_AFTER_EXPIRY_MS } from './http/connections.js'
import { IdleEvictingMap } from './idle-evicting-map.js'

/** Where each packet under way keeps a connection busy, for up to half a minute. The transport has as many connections. */
export const CONNECTION_PLACES: PlaceCounts = { shared: 256, spare: 64 }
// A packet whose reply comes to our callback keeps no connection busy. Together a tenth of all replies that a process awaits.
const CALLBACK_PLACES: PlaceCounts = { shared: 8_000, spare: 2_000 }
// When its time to wait is over, a packet has two message windows left: two seconds, unless they are set shorter.
const LOOK_EVERY_MS = 100

/** The places for packets under way to each peer, in this process. */
export class PeerPlaces {
  private readonly byPeer = new IdleEvictingMap<FairPlaces>()
  private readonly lookedAfter = new Set<FairPlaces>()
  private looking: NodeJS.Timeout | undefined

  constructor(private readonly clock: Clock) {}

  of({ id, outgoingOptions }: Peer): FairPlaces {
    const counts = outgoingOptions?.mode === 'asynchronous' ? CALLBACK_PLACES : CONNECTION_PLACES
    const places = this.byPeer.get(id) ?? this.byPeer.add(id, new FairPlaces(this.clock, counts))
    places.counts = counts
    return places
  }

  /** As `wait` of the places. No packet has a timer of its own: all are looked after together. */
  wait(places: FairPlaces, source: SourcePlaces, latestMs: number, admit: Admit): boolean {
    const isWaiting = places.wait(source, latestMs, admit)
    if (isWaiting) this.lookAfter(places)
    return isWaiting
  }

  /** Of a packet that nobody answered before its expiry: the place ends when the connection does. */
  releaseUnanswered(places: FairPlaces, source: SourcePlaces): void {
    places.releaseAfter(source, BUSY_AFTER_EXPIRY_MS)
    this.lookAfter(places)
  }

  /** Resolves when no packet waits, and all that have a place are answered. */
  async onIdle(): Promise<void> {
    while ([...this.byPeer.values()].some((places) => !places.isAnswered)) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
  }

  private lookAfter(places: FairPlaces): void {
    this.lookedAfter.add(places)
    this.looking ??= setInterval(() => this.look(), LOOK_EVERY_MS).unref()
  }

  private look(): void {
    for (const places of this.lookedAfter) {
      places.look()
      if (!places.needsLook) this.lookedAfter.delete(places)
    }
    if (this.lookedAfter.size > 0) return
    clearInterval(this.looking)
    this.looking = undefined
  }
}

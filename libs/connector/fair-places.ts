import { assert, type Clock } from '@kivuko/platform'
import { IdleEvictingMap } from './idle-evicting-map.js'
import { LinkedList, ListEntry } from './linked-list.js'

export interface PlaceCounts {
  /** For anybody, as long as one is free: a lone source may take them all. */
  readonly shared: number
  /** Besides, for sources that hold few places while all shared ones are taken. */
  readonly spare: number
}

/** Called once: with true when the packet has its place, with false when its time was over before. */
export type Admit = (hasPlace: boolean) => void

interface WaitingPacket {
  readonly latestMs: number
  readonly admit: Admit
}

interface EndingPlace {
  readonly source: SourcePlaces
  readonly endsAtMs: number
}

// Bytes of as many packets are kept, 35 KB each at most. What waits longer than their turn takes would only expire.
const MAX_WAITING = 10_000
// Of what is left to its tenant. The first source takes four spare places, a second one four again; the seventeenth gets one still.
const PART_OF_SPARE = 16
// The first source has a queue of 1,000: four times what it has under way with all shared places.
const PART_OF_QUEUE = 8

/** Places of one tenant at one next hop. */
class TenantPlaces {
  taken = 0
  /** How many of them are spare ones. */
  spareTaken = 0
  waitingPackets = 0
  readonly sources = new IdleEvictingMap<SourcePlaces>()
  /** In turn. */
  readonly waiting = new LinkedList<SourcePlaces>()
  readonly entry = new ListEntry<TenantPlaces>(this)

  get isIdle(): boolean {
    return this.taken === 0 && this.waitingPackets === 0
  }
}

/** Places of one source at one next hop, and its packets that wait for one. */
export class SourcePlaces {
  taken = 0
  readonly waiting = new LinkedList<WaitingPacket>()
  readonly entry = new ListEntry<SourcePlaces>(this)

  constructor(readonly tenant: TenantPlaces) {}

  get isIdle(): boolean {
    return this.taken === 0 && this.waiting.size === 0
  }
}

/**
 * The places for packets on their way to one next hop, fairly among tenants, then among the sources of a tenant. Packets
 * on their way cannot be called back, so spare places are kept for sources that come when all shared ones are taken. A
 * place that becomes free goes to whoever waits and holds the fewest, in turn among equals.
 */
export class FairPlaces {
  private sharedTaken = 0
  private spareTaken = 0
  private waitingPackets = 0
  private readonly tenants = new IdleEvictingMap<TenantPlaces>()
  private readonly waitingTenants = new LinkedList<TenantPlaces>()
  private readonly ending = new LinkedList<EndingPlace>()

  constructor(
    private readonly clock: Clock,
    public counts: PlaceCounts,
  ) {}

  get taken(): number {
    return this.sharedTaken + this.spareTaken
  }

  get waiting(): number {
    return this.waitingPackets
  }

  /** Only places are left whose packets have been answered, and nothing waits. */
  get isAnswered(): boolean {
    return this.taken === this.ending.size && this.waitingPackets === 0
  }

  get isIdle(): boolean {
    return this.taken === 0 && this.waitingPackets === 0
  }

  /** Whether time alone may change something: a packet's time may end, or a place become free. */
  get needsLook(): boolean {
    return this.waitingPackets > 0 || this.ending.size > 0
  }

  /** Of a source; to be used at once, since it is forgotten while it is idle. */
  of(sourceId: string, tenantId: string): SourcePlaces {
    const tenant = this.tenants.get(tenantId) ?? this.tenants.add(tenantId, new TenantPlaces())
    return tenant.sources.get(sourceId) ?? tenant.sources.add(sourceId, new SourcePlaces(tenant))
  }

  /** False when the packet has to wait. */
  take(source: SourcePlaces): boolean {
    if (source.waiting.size > 0) return false
    if (this.sharedTaken < this.counts.shared) this.sharedTaken++
    else if (this.mayTakeSpare(source)) this.takeSpare(source)
    else return false
    source.taken++
    source.tenant.taken++
    return true
  }

  /** Lets a packet wait until `latestMs`, the last moment at which a place is of use; false when its queue is full. */
  wait(source: SourcePlaces, latestMs: number, admit: Admit): boolean {
    const { tenant, waiting } = source
    const free = MAX_WAITING - this.waitingPackets
    if (!isWithinPart(waiting.size, tenant.waitingPackets, free, PART_OF_QUEUE)) return false
    waiting.push(new ListEntry({ latestMs, admit }))
    if (waiting.size === 1) tenant.waiting.push(source.entry)
    tenant.waitingPackets++
    if (tenant.waitingPackets === 1) this.waitingTenants.push(tenant.entry)
    this.waitingPackets++
    return true
  }

  release(source: SourcePlaces): void {
    const { tenant } = source
    assert(source.taken > 0 && tenant.taken > 0 && this.taken > 0, 'only a place that was taken is released')
    source.taken--
    tenant.taken--
    // Places are alike: the tenant gives back a spare one as long as it has any, so that others find it.
    if (tenant.spareTaken > 0) {
      tenant.spareTaken--
      this.spareTaken--
    } else this.sharedTaken--
    if (this.waitingPackets > 0) this.serve()
  }

  /** Releases the place `afterMs` from now, when `look` finds that time over; the same for all of these places. */
  releaseAfter(source: SourcePlaces, afterMs: number): void {
    this.ending.push(new ListEntry({ source, endsAtMs: this.clock.nowMs() + afterMs }))
  }

  /** Does what became due by time alone. */
  look(): void {
    const nowMs = this.clock.nowMs()
    for (let first = this.ending.first; first && first.value.endsAtMs <= nowMs; first = this.ending.first) {
      this.ending.remove(first)
      this.release(first.value.source)
    }
    for (let tenant = this.waitingTenants.first; tenant; ) {
      const { value, next } = tenant
      this.refuseLate(value, nowMs)
      tenant = next
    }
    // After `counts` were raised.
    if (this.waitingPackets > 0) this.serve()
  }

  private refuseLate(tenant: TenantPlaces, nowMs: number): void {
    for (let source = tenant.waiting.first; source; ) {
      const { value, next } = source
      for (let packet = value.waiting.first; packet; ) {
        const after = packet.next
        if (packet.value.latestMs < nowMs) {
          this.leaveQueue(value, packet)
          packet.value.admit(false)
        }
        packet = after
      }
      source = next
    }
  }

  private serve(): void {
    const nowMs = this.clock.nowMs()
    for (let source = this.nextToServe(); source; source = this.nextToServe()) {
      const packet = source.waiting.first
      assert(packet, 'a source in the list of those that wait has a packet that waits')
      this.leaveQueue(source, packet)
      this.toTheEnd(source)
      const isInTime = packet.value.latestMs >= nowMs
      if (isInTime) this.grant(source)
      packet.value.admit(isInTime)
    }
  }

  /** Undefined while no place is free for any of those that wait. */
  private nextToServe(): SourcePlaces | undefined {
    if (this.sharedTaken < this.counts.shared) {
      const tenant = fewestTaken(this.waitingTenants)
      return tenant && fewestTaken(tenant.waiting)
    }
    if (this.spareTaken >= this.counts.spare) return undefined
    for (let tenant = this.waitingTenants.first; tenant; tenant = tenant.next) {
      const source = fewestTaken(tenant.value.waiting)
      if (source && this.mayTakeSpare(source)) return source
    }
    return undefined
  }

  private grant(source: SourcePlaces): void {
    if (this.sharedTaken < this.counts.shared) this.sharedTaken++
    else this.takeSpare(source)
    source.taken++
    source.tenant.taken++
  }

  private mayTakeSpare({ taken, tenant }: SourcePlaces): boolean {
    return isWithinPart(taken, tenant.spareTaken, this.counts.spare - this.spareTaken, PART_OF_SPARE)
  }

  private takeSpare({ tenant }: SourcePlaces): void {
    tenant.spareTaken++
    this.spareTaken++
  }

  private leaveQueue(source: SourcePlaces, packet: ListEntry<WaitingPacket>): void {
    const { tenant } = source
    source.waiting.remove(packet)
    if (source.waiting.size === 0) tenant.waiting.remove(source.entry)
    tenant.waitingPackets--
    if (tenant.waitingPackets === 0) this.waitingTenants.remove(tenant.entry)
    this.waitingPackets--
  }

  /** It has had its turn, and so has its tenant. */
  private toTheEnd(source: SourcePlaces): void {
    const { tenant } = source
    if (source.waiting.size > 0) {
      tenant.waiting.remove(source.entry)
      tenant.waiting.push(source.entry)
    }
    if (tenant.waitingPackets > 0) {
      this.waitingTenants.remove(tenant.entry)
      this.waitingTenants.push(tenant.entry)
    }
  }
}

/**
 * Whether a source may have one more of a limited thing: a tenant takes no more of it than it leaves free, and each of its
 * sources a part of what is left to the tenant. However many have come before, something is left for the next.
 */
function isWithinPart(ofSource: number, ofTenant: number, free: number, part: number): boolean {
  return ofSource * part < free - ofTenant
}

/** The first of those with the fewest. No more are looked at than there are places: one that has none ends the search. */
function fewestTaken<T extends { readonly taken: number }>(list: LinkedList<T>): T | undefined {
  let found: T | undefined
  for (let entry = list.first; entry; entry = entry.next) {
    if (found === undefined || entry.value.taken < found.taken) found = entry.value
    if (found.taken === 0) break
  }
  return found
}

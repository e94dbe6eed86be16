// Together, never one by one: a Map that churns is rehashed, and its garbage grows old (decision 22).
const EVICT_AT = 64

/** Evicts idle entries when it has doubled: it holds what is in use, and about as many idle ones. */
export class IdleEvictingMap<T extends { readonly isIdle: boolean }> {
  private readonly entries = new Map<string, T>()
  private evictAt: number

  constructor(private readonly leastEvictAt = EVICT_AT) {
    this.evictAt = leastEvictAt
  }

  get(id: string): T | undefined {
    return this.entries.get(id)
  }

  add(id: string, entry: T): T {
    if (this.entries.size >= this.evictAt) this.evictIdle()
    this.entries.set(id, entry)
    return entry
  }

  values(): IterableIterator<T> {
    return this.entries.values()
  }

  private evictIdle(): void {
    for (const [id, entry] of this.entries) if (entry.isIdle) this.entries.delete(id)
    this.evictAt = Math.max(this.leastEvictAt, 2 * this.entries.size)
  }
}

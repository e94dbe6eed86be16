/** Reads the rows of these ids (all rows when undefined) and puts what it found in place of what memory held for them. */
export type ReadIntoMemory = (ids: readonly string[] | undefined) => Promise<void>

/**
 * Keeps memory equal to a table. Reads run one after another, so that an older read never overwrites a newer one; ids
 * asked for meanwhile are read together. Feed it from a ChangeFeed subscription, which tries failed reads again.
 */
export class TableMirror {
  private wanted = new Set<string>()
  private allWanted = false
  private running: Promise<void> = Promise.resolve()
  private queued: Promise<void> | undefined

  constructor(private readonly read: ReadIntoMemory) {}

  /** Resolves when memory holds what the database held at the call or later. No id: the whole table. */
  refresh(id?: string): Promise<void> {
    if (id === undefined) this.allWanted = true
    else this.wanted.add(id)
    this.queued ??= this.enqueue()
    return this.queued
  }

  private enqueue(): Promise<void> {
    const next = this.running.then(() => this.readWanted())
    this.running = next.catch(() => undefined)
    return next
  }

  private readWanted(): Promise<void> {
    const ids = this.allWanted ? undefined : [...this.wanted]
    this.wanted = new Set()
    this.allWanted = false
    this.queued = undefined
    return this.read(ids)
  }
}

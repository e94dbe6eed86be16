import type { ChangeFeed, Db } from '@kivuko/platform'
import { isUnavailable } from './liquidity-errors.js'

/** Reads the rows of these ids (all rows when undefined) and puts what it found in place of what memory held for them. */
export type ReadIntoMemory = (ids: readonly string[] | undefined) => Promise<void>

/**
 * Keeps memory equal to a table, in every process, within a second. Reads run one after another, so that an older read
 * never overwrites a newer one; ids asked for meanwhile are read together. The feed tries failed reads again.
 */
export class TableMirror {
  private wanted = new Set<string>()
  private allWanted = false
  private running: Promise<void> = Promise.resolve()
  private queued: Promise<void> | undefined

  constructor(
    private readonly feed: Pick<ChangeFeed, 'publish' | 'subscribe'>,
    private readonly topic: string,
    private readonly read: ReadIntoMemory,
  ) {}

  /** Subscribes before the first read, so that no change falls between them. */
  async start(): Promise<void> {
    this.feed.subscribe(this.topic, (id) => this.refresh(id))
    await this.refresh()
  }

  /** Tells every process, once the caller's transaction commits, to read this row again. */
  announce(db: Db, id: string): Promise<void> {
    return this.feed.publish(db, this.topic, id)
  }

  /** Resolves when memory holds what the database held at the call or later. No id: the whole table. */
  refresh(id?: string): Promise<void> {
    if (id === undefined) this.allWanted = true
    else this.wanted.add(id)
    this.queued ??= this.enqueue()
    return this.queued
  }

  /**
   * After the caller's commit. A ledger that does not answer is no failure of the row: it is in memory, and what it needs
   * of the ledger is done when the feed tries again.
   */
  async refreshCommitted(id: string): Promise<void> {
    await this.refresh(id).catch((error: unknown) => {
      if (!isUnavailable(error)) throw error
    })
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

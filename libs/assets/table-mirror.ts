import type { Logger } from '@kivuko/platform'

/** Reads the rows of these ids (all rows when undefined) and puts what it found in place of what memory held for them. */
export type ReadIntoMemory = (ids: readonly string[] | undefined) => Promise<void>

// Soon enough to be fresh within a second of the database's return, seldom enough not to press on one that is down.
const RETRY_AFTER_MS = 250

/**
 * Keeps memory equal to a table. Reads run one after another, so that an older read never overwrites a newer one; ids
 * asked for meanwhile are read together. A failed read is tried again until it succeeds.
 */
export class TableMirror {
  private wanted: Set<string> | 'all' | undefined
  private running: Promise<void> = Promise.resolve()
  private queued: Promise<void> | undefined
  private retry: NodeJS.Timeout | undefined

  constructor(
    private readonly table: string,
    private readonly read: ReadIntoMemory,
    private readonly logger: Logger,
  ) {}

  /** Resolves when memory holds what the database held at the call or later. No id: the whole table. */
  refresh(id?: string): Promise<void> {
    this.want(id)
    this.queued ??= this.enqueue()
    return this.queued
  }

  stop(): void {
    clearTimeout(this.retry)
  }

  private want(id: string | undefined): void {
    if (id === undefined || this.wanted === 'all') this.wanted = 'all'
    else this.wanted = (this.wanted ?? new Set()).add(id)
  }

  private enqueue(): Promise<void> {
    const next = this.running.then(() => this.readWanted())
    this.running = next.catch(() => undefined)
    return next
  }

  private async readWanted(): Promise<void> {
    const wanted = this.wanted
    this.wanted = undefined
    this.queued = undefined
    if (wanted === undefined) return
    try {
      await this.read(wanted === 'all' ? undefined : [...wanted])
    } catch (error) {
      this.readAgainSoon(wanted, error)
      throw error
    }
  }

  private readAgainSoon(wanted: Set<string> | 'all', error: unknown): void {
    this.logger.warn({ err: error, table: this.table }, 'memory could not be refreshed from the database; trying again')
    if (wanted === 'all') this.want(undefined)
    else for (const id of wanted) this.want(id)
    clearTimeout(this.retry)
    this.retry = setTimeout(() => {
      this.queued ??= this.enqueue()
      this.queued.catch(() => undefined)
    }, RETRY_AFTER_MS)
    this.retry.unref()
  }
}

import type { Clock } from '../clock.js'
import { messageOf } from '../errors.js'
import type { Logger } from '../logging/logger.js'

/** Called with the key that changed, or with undefined when everything has to be read again. */
export type OnChange = (key: string | undefined) => void | Promise<void>

// Past this many waiting keys one full read is cheaper than reading them one by one.
const MAX_WAITING_KEYS = 500
const RETRY_MS = 1_000

/** One subscriber: its changes in order, one at a time, the same key once; a failed one is followed by a full reload. */
export class Subscription {
  private readonly waiting = new Set<string>()
  private reloadWanted = false
  private running: Promise<void> | undefined
  private retry: NodeJS.Timeout | undefined
  private closed = false
  /** Since when this subscriber's memory may be stale; undefined while it is not. */
  failingSinceMs: number | undefined

  constructor(
    private readonly topic: string,
    private readonly onChange: OnChange,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  changed(key: string | undefined): void {
    if (this.closed) return
    if (key === undefined || this.waiting.size >= MAX_WAITING_KEYS) this.reloadWanted = true
    else this.waiting.add(key)
    this.running ??= this.drain()
  }

  /** Resolves when every change heard so far has been taken over. */
  async settled(): Promise<void> {
    while (this.running) await this.running
  }

  async close(): Promise<void> {
    this.closed = true
    clearTimeout(this.retry)
    await this.settled()
  }

  private async drain(): Promise<void> {
    // Notifications that came together are taken together; and this never ends before it is known to run.
    await Promise.resolve()
    try {
      for (let next = this.take(); next && !this.closed; next = this.take()) {
        await this.onChange(next.key)
        if (next.key === undefined) this.failingSinceMs = undefined
      }
    } catch (error) {
      this.failed(error)
    } finally {
      this.running = undefined
    }
  }

  private take(): { key: string | undefined } | undefined {
    if (this.reloadWanted) {
      this.reloadWanted = false
      this.waiting.clear()
      return { key: undefined }
    }
    const [key] = this.waiting
    if (key === undefined) return undefined
    this.waiting.delete(key)
    return { key }
  }

  private failed(error: unknown): void {
    this.failingSinceMs ??= this.clock.nowMs()
    this.log.error({ err: error, topic: this.topic }, `Changes of ${this.topic} could not be read: ${messageOf(error)}`)
    clearTimeout(this.retry)
    if (!this.closed) this.retry = setTimeout(() => this.changed(undefined), RETRY_MS)
  }
}

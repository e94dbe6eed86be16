// A few failures in a row are no accident any more; a single lost connection is.
const FAILURES_TO_OPEN = 5
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 10_000

/** `paused`: nothing is sent but a trial now and then. `failing`: the last packets failed, too few to pause. */
export type LinkState = 'working' | 'failing' | 'paused'

/** How a way to a peer has been doing, in this process. */
export interface LinkHealth {
  readonly state: LinkState
  /** In a row. */
  readonly failures: number
  /** When the first of them was; undefined while it works. */
  readonly sinceMs: number | undefined
  /** Until when nothing is sent, where that is not over. */
  readonly pausedUntilMs: number | undefined
  /** Also of one that works again. */
  readonly lastFailure: { readonly reason: string; readonly atMs: number } | undefined
}

/**
 * Spares a next hop that fails: after some failures in a row nothing is sent for a while, then one packet at a time
 * finds out whether it is back. Each trial that fails doubles the pause; one that succeeds ends it.
 */
export class CircuitBreaker {
  private failures = 0
  private pauseMs = FIRST_PAUSE_MS
  private pausedUntilMs = 0
  private isTrying = false
  private sinceMs = 0
  private lastFailure: LinkHealth['lastFailure']

  /** Undefined when a packet may be sent; else how long nothing will be. */
  pauseLeftMs(nowMs: number): number | undefined {
    if (this.failures < FAILURES_TO_OPEN) return undefined
    if (nowMs < this.pausedUntilMs) return this.pausedUntilMs - nowMs
    // This packet is the trial: further ones wait for its outcome, or for another pause if it never comes.
    this.isTrying = true
    this.pausedUntilMs = nowMs + this.pauseMs
    return undefined
  }

  /** The same without a trial. */
  pauseAheadMs(nowMs: number): number | undefined {
    if (this.failures < FAILURES_TO_OPEN || nowMs >= this.pausedUntilMs) return undefined
    return this.pausedUntilMs - nowMs
  }

  succeeded(): void {
    this.failures = 0
    this.isTrying = false
    this.pauseMs = FIRST_PAUSE_MS
  }

  failed(nowMs: number, reason: string): void {
    if (this.failures === 0) this.sinceMs = nowMs
    this.lastFailure = { reason, atMs: nowMs }
    this.failures++
    if (this.failures === FAILURES_TO_OPEN) this.pausedUntilMs = nowMs + this.pauseMs
    // Others that were under way when the pause began say nothing new.
    if (!this.isTrying) return
    this.isTrying = false
    this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS)
    this.pausedUntilMs = nowMs + this.pauseMs
  }

  health(nowMs: number): LinkHealth {
    const { failures, lastFailure, sinceMs, pausedUntilMs } = this
    const isPaused = failures >= FAILURES_TO_OPEN
    return {
      state: isPaused ? 'paused' : failures > 0 ? 'failing' : 'working',
      failures,
      sinceMs: failures > 0 ? sinceMs : undefined,
      pausedUntilMs: isPaused && nowMs < pausedUntilMs ? pausedUntilMs : undefined,
      lastFailure,
    }
  }
}

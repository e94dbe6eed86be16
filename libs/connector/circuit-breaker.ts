// A few failures in a row are no accident any more; a single lost connection is.
const FAILURES_TO_OPEN = 5
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 10_000

/**
 * Spares a next hop that fails: after some failures in a row nothing is sent for a while, then one packet at a time
 * finds out whether it is back. Each trial that fails doubles the pause; one that succeeds ends it.
 */
export class CircuitBreaker {
  private failures = 0
  private pauseMs = FIRST_PAUSE_MS
  private pausedUntilMs = 0
  private isTrying = false

  /** Undefined when a packet may be sent; else how long nothing will be. */
  pauseLeftMs(nowMs: number): number | undefined {
    if (this.failures < FAILURES_TO_OPEN) return undefined
    if (nowMs < this.pausedUntilMs) return this.pausedUntilMs - nowMs
    // This packet is the trial: further ones wait for its outcome, or for another pause if it never comes.
    this.isTrying = true
    this.pausedUntilMs = nowMs + this.pauseMs
    return undefined
  }

  succeeded(): void {
    this.failures = 0
    this.isTrying = false
    this.pauseMs = FIRST_PAUSE_MS
  }

  failed(nowMs: number): void {
    this.failures++
    if (this.failures === FAILURES_TO_OPEN) this.pausedUntilMs = nowMs + this.pauseMs
    // Others that were under way when the pause began say nothing new.
    if (!this.isTrying) return
    this.isTrying = false
    this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS)
    this.pausedUntilMs = nowMs + this.pauseMs
  }
}

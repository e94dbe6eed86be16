import { SystemClock } from '@kivuko/platform'
import { vi } from 'vitest'

// Taken while timers are real: it comes after everything that waits for no timer.
const afterMicrotasks = setImmediate

/**
 * A clock that jumps from timer to timer, so that hours pass in seconds and a seed repeats its run. Nothing but timers may
 * be waited for while it runs: no socket, no file.
 */
export class VirtualTime {
  /** Reads `Date`, which is virtual too. */
  readonly clock = new SystemClock()

  constructor(startMs: number) {
    const timers = [
      'setTimeout',
      'clearTimeout',
      'setInterval',
      'clearInterval',
      'setImmediate',
      'clearImmediate',
    ] as const
    vi.useFakeTimers({ now: startMs, toFake: [...timers, 'Date'] })
  }

  /** One timer after the other, each followed by all that it sets off. */
  async runUntil(atMs: number): Promise<void> {
    await drainMicrotasks()
    while (vi.getTimerCount() > 0 && this.clock.nowMs() < atMs) {
      vi.advanceTimersToNextTimer()
      await drainMicrotasks()
    }
    const leftMs = atMs - this.clock.nowMs()
    if (leftMs > 0) vi.advanceTimersByTime(leftMs)
  }

  stop(): void {
    vi.useRealTimers()
  }
}

export function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function drainMicrotasks(): Promise<void> {
  return new Promise((resolve) => afterMicrotasks(resolve))
}

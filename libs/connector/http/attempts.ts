import type { Clock } from '@kivuko/platform'

// A short outage costs one attempt or two; several fit into the shortest life of a packet (RFC 35).
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 1_000

/** Waits before the next attempt; false when none fits before `untilMs`. */
export async function pause(attempt: number, untilMs: number, clock: Clock): Promise<boolean> {
  const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS)
  if (clock.nowMs() + pauseMs >= untilMs) return false
  await new Promise((resolve) => setTimeout(resolve, pauseMs))
  return true
}

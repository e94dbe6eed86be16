import type { Clock } from '@kivuko/platform'

// Old rows harm nobody for a minute; an idle node is not asked for them at every tick.
const EVERY_MS = 60_000

/** Deletes or ends old rows, at most some at once; returns how many. */
export type CleanUp = () => Promise<number>

/** A look of the sweep that cleans up once in a minute, and at every tick while there is something to delete. */
export function cleanUpNowAndThen(clock: Clock, cleanUps: readonly CleanUp[]): () => Promise<void> {
  let dueMs = clock.nowMs()
  return async () => {
    if (clock.nowMs() < dueMs) return
    let deleted = 0
    for (const cleanUp of cleanUps) deleted += await cleanUp()
    if (deleted === 0) dueMs = clock.nowMs() + EVERY_MS
  }
}

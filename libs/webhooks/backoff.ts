export interface Backoff {
  readonly firstWaitMs: number
  readonly longestWaitMs: number
  /** Deliveries after the first one; when they all failed the event is dead. */
  readonly maxRetry: number
}

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 3_600_000
// A receiver that is away over a long weekend still gets its events.
const LEAST_PATIENCE_MS = 72 * 3_600_000
// Spreads the retries of many events; only upwards, so that the patience above stays a minimum.
const JITTER = 0.25

/** How long to wait after the `attempt`-th delivery failed (1 = the first); `random` is in [0, 1). */
export function retryWaitMs(backoff: Backoff, attempt: number, random: number): number {
  return Math.floor(leastWaitMs(backoff, attempt) * (1 + JITTER * random))
}

/** 1 s doubling to 1 h, for at least 72 hours unless `maxRetry` says otherwise. */
export function defaultBackoff(maxRetry?: number): Backoff {
  const waits = { firstWaitMs: FIRST_WAIT_MS, longestWaitMs: LONGEST_WAIT_MS }
  return { ...waits, maxRetry: maxRetry ?? retriesToLast(waits, LEAST_PATIENCE_MS) }
}

function retriesToLast(waits: Omit<Backoff, 'maxRetry'>, patienceMs: number): number {
  let retries = 0
  for (let waitedMs = 0; waitedMs < patienceMs; retries += 1) waitedMs += leastWaitMs(waits, retries + 1)
  return retries
}

function leastWaitMs({ firstWaitMs, longestWaitMs }: Omit<Backoff, 'maxRetry'>, attempt: number): number {
  return Math.min(firstWaitMs * 2 ** (attempt - 1), longestWaitMs)
}

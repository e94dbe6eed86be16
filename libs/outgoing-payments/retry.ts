import type { PayError } from '@kivuko/payment-methods'

export interface RetryPolicy {
  /** How many attempts may fail and be followed by another. */
  readonly maxRetries: number
  /** Drawn from 0 (included) to 1: payments that failed together do not come back together. */
  readonly random: () => number
}

export interface FailedAttempt {
  readonly error: PayError
  /** Failed attempts before this one. */
  readonly attempts: number
  readonly nowMs: number
  /** The end of the quote: nothing is begun after it. */
  readonly deadlineMs: number
}

export interface NextAttempt {
  readonly dueAtMs: number
  readonly attempts: number
}

// A hiccup of the path is over in a second; more attempts wait longer, so as not to press on what is down.
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000

/** When to try again, or undefined when the payment fails with this attempt. */
export function nextAttempt(
  { error, attempts, nowMs, deadlineMs }: FailedAttempt,
  policy: RetryPolicy,
): NextAttempt | undefined {
  if (!error.isRetryable) return undefined
  // What was cut off, or has an unknown end, is not the path's fault: it goes on, whatever the count and the quote say.
  if (error.isUnknown === true || error.isInterrupted === true) return { dueAtMs: nowMs + FIRST_WAIT_MS, attempts }
  if (attempts >= policy.maxRetries) return undefined
  const longest = Math.min(FIRST_WAIT_MS * 2 ** attempts, LONGEST_WAIT_MS)
  const dueAtMs = nowMs + Math.round(longest * (0.5 + policy.random() / 2))
  return dueAtMs < deadlineMs ? { dueAtMs, attempts: attempts + 1 } : undefined
}

/** Pairs in flight at once. */
export const IN_FLIGHT = [1, 16, 64, 256] as const

export const MILLION = 1_000_000

// Turns long enough for hundreds of batches, often enough for a median.
export const SLICE_MS = 1_000
export const ROUNDS = 5

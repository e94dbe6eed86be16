/** Packets in flight at once. */
export const IN_FLIGHT = [1, 16, 64, 256] as const

/** The one that the targets speak of, and that half of the load is measured against. */
export const TARGET_IN_FLIGHT = 64

export const ROUTES = [10, 1_000, 100_000] as const

// Turns short enough that the machine is the same for all of them, long enough for tens of thousands of packets.
export const SLICE_MS = 2_000
export const WARM_UP_MS = 1_500
export const ROUNDS = 3

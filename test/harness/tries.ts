/**
 * For a test with a bound on time: a busy machine only ever adds to what it measures, so that one run of three within the
 * bound shows what is claimed.
 */
export const timed = { retry: 2 }

/** For a test that meets other cases at each run: one of them that fails is a defect, whatever the next run meets. */
export const random = { retry: 0 }

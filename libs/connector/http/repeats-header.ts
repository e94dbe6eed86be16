/**
 * A header of responses to packets: whoever sends it charges the same bytes at most once, however often they come. Only
 * then may a packet whose answer was lost be sent there again.
 */
export const REPEATS_HEADER = 'ilp-repeats'
export const CHARGED_ONCE = 'charged-once'

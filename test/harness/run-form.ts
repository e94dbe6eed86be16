import { inject } from 'vitest'

/**
 * How often a suite repeats itself: the short number in `npm test`, the long one in `npm run test:long`, or this part's
 * share of it: each part has seeds of its own.
 */
export function times(short: number, long: number): number {
  return inject('long') ? Math.ceil(long / inject('part').of) : short
}

/** What cannot be had in parts: how long something lasts, how much of it there is at once. */
export function whole<Amount>(short: Amount, long: Amount): Amount {
  return inject('long') ? long : short
}

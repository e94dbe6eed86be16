import { inject } from 'vitest'

/** How often a suite repeats itself: the short number in `npm test`, the long one in `npm run test:long`. */
export function times(short: number, long: number): number {
  return inject('long') ? long : short
}

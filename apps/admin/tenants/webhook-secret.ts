import { DomainError } from '@kivuko/platform'

// Long enough for any receiver to change over; a secret that may be known to others should not live longer.
const LONGEST_SECONDS = 30 * 86_400

/** For how long a replaced webhook secret signs along, in milliseconds. 0: not at all, for one that became known. */
export function readKeepFormer(seconds: number): number {
  if (seconds >= 0 && seconds <= LONGEST_SECONDS) return seconds * 1_000
  const message = `keepFormerSeconds must be a number from 0 to ${LONGEST_SECONDS}, found ${seconds}`
  throw new DomainError('invalid', 'InvalidInput', message)
}

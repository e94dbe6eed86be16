import type { ErrorKind } from '@kivuko/platform'

/** HTTP status by kind of error. */
export const statuses: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  duplicate: 409,
  limited: 429,
  unavailable: 503,
}

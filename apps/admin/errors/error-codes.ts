import type { ErrorKind } from '@kivuko/platform'

/** `extensions.code` by kind of error: Rafiki's codes, and two of our own where it has none. */
export const errorCodes: Readonly<Record<ErrorKind, string>> = {
  invalid: 'BAD_USER_INPUT',
  unauthenticated: 'UNAUTHENTICATED',
  forbidden: 'FORBIDDEN',
  'not-found': 'NOT_FOUND',
  conflict: 'CONFLICT',
  duplicate: 'DUPLICATE',
  limited: 'TOO_MANY_REQUESTS',
  unavailable: 'UNAVAILABLE',
}

/** Where Rafiki has a code for one reason alone. */
export const codesOfReasons: Readonly<Record<string, string>> = {
  InactiveWalletAddress: 'INACTIVE',
  ActionNotPerformed: 'TIMEOUT',
  AmountZero: 'FORBIDDEN',
  DuplicateWalletAddressUrl: 'BAD_USER_INPUT',
}

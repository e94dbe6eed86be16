import { DomainError } from '@kivuko/platform'

/** To a deposit, an id that names nothing is a wrong input, as with Rafiki. */
export function asInvalidId(error: unknown): never {
  if (!(error instanceof DomainError) || error.kind !== 'not-found') throw error
  throw new DomainError('invalid', 'InvalidId', error.message, {}, { cause: error })
}

import { QueryFailedError } from 'typeorm'

/** The name of the database constraint an insert or update broke, or undefined when it failed for another reason. */
export function violatedConstraint(error: unknown): string | undefined {
  if (!(error instanceof QueryFailedError)) return undefined
  const cause: unknown = error.driverError
  if (typeof cause !== 'object' || cause === null || !('constraint' in cause)) return undefined
  return typeof cause.constraint === 'string' ? cause.constraint : undefined
}

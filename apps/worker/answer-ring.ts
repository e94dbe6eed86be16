import { DomainError, type ErrorKind, type Logger, messageOf } from '@kivuko/platform'

/** What becomes of a job that failed so: `retry` leaves it to the sweep, which finds the row while it is due. */
const outcomes = {
  invalid: 'drop',
  unauthenticated: 'drop',
  forbidden: 'drop',
  'not-found': 'drop',
  conflict: 'drop',
  duplicate: 'drop',
  limited: 'retry',
  unavailable: 'retry',
} as const satisfies Record<ErrorKind, 'drop' | 'retry'>

/** Does what was rung for. A failure ends the job and no more: the row says what is still to be done. */
export async function answerRing(
  logger: Logger,
  about: Record<string, string>,
  act: () => Promise<void>,
): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (error instanceof DomainError) {
      const outcome = outcomes[error.kind]
      logger.warn({ ...about, reason: error.reason, outcome }, `A job failed: ${messageOf(error)}`)
    } else {
      logger.error({ ...about, err: error }, 'A job failed; the sweep rings again while there is something to do')
    }
  }
}

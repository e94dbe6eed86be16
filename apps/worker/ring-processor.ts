import { DomainError, type ErrorKind, type Logger, messageOf } from '@kivuko/platform'
import { OnWorkerEvent, WorkerHost } from '@nestjs/bullmq'

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

/** Answers a queue's bell. A failure ends the job and no more: the row says what is still to be done. */
export abstract class RingProcessor extends WorkerHost {
  constructor(protected readonly logger: Logger) {
    super()
  }

  protected async answer(about: Record<string, string>, act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } catch (error) {
      if (error instanceof DomainError) {
        const outcome = outcomes[error.kind]
        this.logger.warn({ ...about, reason: error.reason, outcome }, `A job failed: ${messageOf(error)}`)
      } else {
        this.logger.error(
          { ...about, err: error },
          'A job failed; the sweep rings again while there is something to do',
        )
      }
    }
  }

  /** The queue's own trouble, such as a lost connection, or a job whose lock went to another worker. */
  @OnWorkerEvent('error')
  onQueueError(error: Error): void {
    this.logger.warn({ queue: this.worker.name }, `Queue ${this.worker.name}: ${messageOf(error)}`)
  }
}

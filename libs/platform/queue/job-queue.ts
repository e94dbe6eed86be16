/** The doorbell: wakes a worker for something that stands in the database. A lost ring costs time, never a job. */
export abstract class JobQueue {
  /** Never throws and never fails the caller: what could not be rung is found by the sweep. */
  abstract ring(queue: string, id: string, options?: RingOptions): Promise<void>
}

export interface RingOptions {
  readonly delayMs?: number
}

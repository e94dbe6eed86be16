import type { QueueOptions } from 'bullmq'

/** How BullMQ reaches its jobs. */
export type BullmqOptions = Pick<QueueOptions, 'connection' | 'prefix' | 'skipVersionCheck' | 'skipWaitingForReady'>

/** The connections of one process to where BullMQ keeps its jobs: on Redis where REDIS_URL is set, else in Postgres. */
export abstract class QueueConnection {
  /** For those who ring: fails soon when the server is lost, so that nobody waits for a bell. */
  abstract readonly forBells: BullmqOptions
  /** For those who answer: waits for a lost server and goes on. */
  abstract readonly forWorkers: BullmqOptions
  /** Resolves when the server is there and fit for the queue; else throws what to do about it. */
  abstract open(): Promise<void>
  /** Before workers are closed: from now on they do not wait for a server that is lost, or they would not end. */
  abstract stopWaiting(): Promise<void>
  abstract close(): Promise<void>
}

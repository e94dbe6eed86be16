import type { Config } from '@kivuko/platform'
import type { WorkerOptions } from 'bullmq'

/** How a processor's worker is set up; where it connects to is not its business. */
export type RingWorkerOptions = Omit<WorkerOptions, 'connection'>

const options = {
  // Whatever was rung and stalled is rung again by the sweep; a job is no reason to give up on a row.
  maxStalledCount: 10,
  // An idle worker listens; it looks by itself only this often (seconds).
  drainDelay: 60,
  // A lost server is asked again this soon (ms); a stopping worker waits as long.
  runRetryDelay: 1_000,
} as const

// A job that stalled is found by the second look after its lock has ended: within one lease, all three.
const LOCKS_PER_LEASE = 3

/**
 * How a worker holds its jobs. The rows hold the truth, so that a job that stalls, or runs twice, changes nothing: locks
 * are short, for the bell of a killed worker to ring again soon.
 */
export function workerOptions(
  { workerLeaseMs }: Pick<Config, 'workerLeaseMs'>,
  concurrency: number,
): RingWorkerOptions {
  const lockMs = Math.round(workerLeaseMs / LOCKS_PER_LEASE)
  return { ...options, concurrency, lockDuration: lockMs, stalledInterval: lockMs }
}

/**
 * How a processor holds its jobs. The rows hold the truth, so that a job that stalls, or runs twice, changes nothing: locks
 * are short, for the bell of a killed worker to ring again soon.
 */
export const workerOptions = {
  lockDuration: 10_000,
  stalledInterval: 10_000,
  // Whatever was rung and stalled is rung again by the sweep; a job is no reason to give up on a row.
  maxStalledCount: 10,
  // An idle worker listens; it looks by itself only this often (seconds).
  drainDelay: 60,
  // A lost server is asked again this soon (ms); a stopping worker waits as long.
  runRetryDelay: 1_000,
} as const

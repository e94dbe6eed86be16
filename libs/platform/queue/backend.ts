import { createPostgresBackend, createRedisBackend, isPgPool, setDefaultBackendFactory } from 'bullmq'

// A worker that listens on a connection which broke just as it began would hear nothing: its wait ends after this time at
// the latest (seconds), and it looks for itself and listens anew. Shorter costs an idle node more statements.
const LONGEST_WAIT = 15

interface Waiting {
  waitForJob(seconds: number): Promise<unknown>
  reconnectBlocking(): Promise<void>
}

/**
 * BullMQ's default backend is one for the whole process and cannot be told through @nestjs/bullmq; this one goes by the
 * connection that a queue or worker is given.
 */
export function chooseBackendByConnection(): void {
  setDefaultBackendFactory((name, options, extra) => {
    const { connection } = options
    if (!isPgPool(connection)) return createRedisBackend(name, options, extra)
    const backend = createPostgresBackend(name, { ...options, connection }, extra)
    boundWaits(backend)
    return backend
  })
}

/** No wait is longer than `longest`, and after one that ended without a job the backend listens anew. */
export function boundWaits(backend: Waiting, longest = LONGEST_WAIT): void {
  const wait = backend.waitForJob.bind(backend)
  backend.waitForJob = async (seconds) => {
    const found = await wait(Math.min(seconds, longest))
    if (found === null) await backend.reconnectBlocking()
    return found
  }
}

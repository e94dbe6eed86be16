import { createPostgresBackend, createRedisBackend, isPgPool, setDefaultBackendFactory } from 'bullmq'

/**
 * BullMQ's default backend is one for the whole process and cannot be told through @nestjs/bullmq; this one goes by the
 * connection that a queue or worker is given.
 */
export function chooseBackendByConnection(): void {
  setDefaultBackendFactory((name, options, extra) => {
    const { connection } = options
    return isPgPool(connection)
      ? createPostgresBackend(name, { ...options, connection }, extra)
      : createRedisBackend(name, options, extra)
  })
}

import { runMigrations } from 'bullmq'
import { Pool } from 'pg'
import { PreparingClient } from '../database/preparing-client.js'
import { messageOf } from '../errors.js'
import type { Logger } from '../logging/logger.js'
import { chooseBackendByConnection } from './backend.js'
import { type BullmqOptions, QueueConnection } from './queue-connection.js'

const SCHEMA = 'bullmq'

// Each worker keeps one connection to listen on; the rest is shared by producers and by jobs that begin or end.
const MAX_CONNECTIONS = 12
// What a crash of the server takes is rung again by the sweep: nobody waits for the disk.
const SESSION = `-c search_path=${SCHEMA} -c synchronous_commit=off`
const KEEPALIVE_DELAY_MS = 10_000
// A ring waits no longer than this for a connection; the sweep makes up for it.
const CONNECT_TIMEOUT_MS = 5_000

/**
 * BullMQ in Postgres, in a schema of its own. It gets a pool instead of an address: from an address it would load pg by
 * `require`, which an ES module does not have.
 */
export class PostgresQueueConnection extends QueueConnection {
  readonly pool: Pool
  readonly forBells: BullmqOptions
  readonly forWorkers: BullmqOptions

  constructor(url: string, log: Logger) {
    super()
    this.pool = new Pool({
      connectionString: url,
      max: MAX_CONNECTIONS,
      application_name: 'kivuko queue',
      options: SESSION,
      Client: PreparingClient,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEPALIVE_DELAY_MS,
    })
    this.pool.on('error', (error) => {
      if (!this.pool.ending) log.warn(`A connection of the queue broke: ${messageOf(error)}`)
    })
    // A client that is lent out has no listener of its own, and an error nobody listens to ends the process.
    this.pool.on('connect', (client) => client.on('error', () => undefined))
    this.forBells = { connection: this.pool }
    this.forWorkers = { connection: this.pool }
    chooseBackendByConnection()
  }

  /** Brings BullMQ's own tables up to date; it does not do so by itself. */
  async open(): Promise<void> {
    const client = await this.pool.connect()
    try {
      await runMigrations(client, SCHEMA)
    } finally {
      client.release()
    }
  }

  /** Nobody waits longer than for a connection. */
  async stopWaiting(): Promise<void> {}

  async close(): Promise<void> {
    await this.pool.end()
  }
}

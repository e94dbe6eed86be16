import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis, RedisOptions } from 'ioredis'
import type { Logger } from '../logging/logger.js'
import { chooseBackendByConnection } from './backend.js'
import { type BullmqOptions, QueueConnection } from './queue-connection.js'
import { logLoss, type RedisSettings, redisClient } from './redis-client.js'
import { waitForRedis } from './wait-for-redis.js'

// A ring waits no longer than this for an answer; the sweep makes up for it.
const RING_TIMEOUT_MS = 1_000
// Soon after a lost Redis is back, its workers are.
const LONGEST_PAUSE_MS = 1_000
// A lost connection is noticed within this time on every socket to the same server.
const NOTICE_MS = 100

/** BullMQ on Redis. `prefix` keeps the nodes apart that share a server. */
export class RedisQueueConnection extends QueueConnection {
  readonly forBells: BullmqOptions
  readonly forWorkers: BullmqOptions
  private readonly clients: readonly Redis[]
  private isStopping = false

  constructor(
    private readonly settings: RedisSettings,
    prefix: string,
    private readonly log: Logger,
  ) {
    super()
    const bells = this.connectLater({
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: RING_TIMEOUT_MS,
    })
    // BullMQ demands it: a worker's question waits as long as Redis is away.
    const workers = this.connectLater({ maxRetriesPerRequest: null })
    this.clients = [bells, workers]
    // The version is checked by open(); a queue that is made while Redis is away works as soon as it is back.
    this.forBells = { connection: bells, prefix, skipVersionCheck: true, skipWaitingForReady: true }
    this.forWorkers = { connection: workers, prefix }
    chooseBackendByConnection()
  }

  async open(): Promise<void> {
    await waitForRedis(this.settings.redisUrl, (options) => this.client(options), this.log)
    await Promise.all(this.clients.map((client) => client.connect()))
  }

  // ioredis, asked to disconnect between two attempts to reconnect, never says that it has ended, and BullMQ would wait
  // for that for ever. The attempt that is due is let happen: it is the last one.
  async stopWaiting(): Promise<void> {
    this.isStopping = true
    await sleep(NOTICE_MS)
    if (this.clients.some(({ status }) => status !== 'ready')) await sleep(LONGEST_PAUSE_MS + NOTICE_MS)
  }

  async close(): Promise<void> {
    this.isStopping = true
    for (const client of this.clients) client.disconnect()
  }

  private connectLater(options: RedisOptions): Redis {
    const client = this.client({ ...options, lazyConnect: true })
    logLoss(client, this.log, 'the sweep does without')
    return client
  }

  private client(options: RedisOptions): Redis {
    return redisClient(this.settings, {
      connectionName: 'kivuko queue',
      // The connections that BullMQ copies for its workers are asked here too.
      retryStrategy: (attempt) => (this.isStopping ? null : Math.min(100 * attempt, LONGEST_PAUSE_MS)),
      ...options,
    })
  }
}

import type { DataSource } from 'typeorm'
import { type Clock, SystemClock } from './clock.js'
import type { Config, Secrets } from './config/load-config.js'
import { ChangeFeed } from './database/change-feed.js'
import { GroupedStatements } from './database/grouped-statements.js'
import { databaseUrl, openDatabase, type Schema } from './database/open-database.js'
import { createLogger, type Logger } from './logging/logger.js'
import { Metrics } from './metrics/metrics.js'
import { BullmqQueue } from './queue/bullmq-queue.js'
import { chooseConnection } from './queue/choose-connection.js'
import type { QueueConnection } from './queue/queue-connection.js'

/** What every room stands on: configuration, time, logs, metrics, the database with its change feed, the queue. */
export interface Platform {
  readonly config: Config
  readonly secrets: Secrets
  readonly log: Logger
  readonly clock: Clock
  readonly metrics: Metrics
  readonly dataSource: DataSource
  readonly grouped: GroupedStatements
  readonly feed: ChangeFeed
  readonly queueConnection: QueueConnection
  readonly queue: BullmqQueue
}

/**
 * Opens the database, brings its tables up to date and listens for changes, before any room reads a row.
 * `config.databaseUrl` must be set: whoever starts an embedded server puts its address there.
 */
export async function openPlatform(config: Config, secrets: Secrets, schema: Schema): Promise<Platform> {
  const log = createLogger(config)
  const clock = new SystemClock()
  const metrics = new Metrics(config.instanceName)
  const url = databaseUrl(config)
  const dataSource = await openDatabase(config, log, schema)
  const applicationName = `kivuko ${config.instanceName}`
  const grouped = new GroupedStatements({ url, applicationName, alone: dataSource.manager, log })
  const feed = new ChangeFeed({ url, maxSilenceMs: config.changeFeedMaxSilenceMs, clock, log })
  const queueConnection = chooseConnection(config, url, log)
  const queue = new BullmqQueue(queueConnection, log, metrics)
  const platform = { config, secrets, log, clock, metrics, dataSource, grouped, feed, queueConnection, queue }
  try {
    await queueConnection.open()
    await feed.start()
    return platform
  } catch (error) {
    await closePlatform(platform)
    throw error
  }
}

/** For a platform that no module closes. */
export async function closePlatform(platform: Platform): Promise<void> {
  await closeQueue(platform)
  await closeDatabase(platform)
}

export async function closeQueue({ queue, queueConnection }: Platform): Promise<void> {
  await queue.close()
  await queueConnection.close()
}

export async function closeDatabase({ feed, grouped, dataSource }: Platform): Promise<void> {
  await feed.close()
  await grouped.close()
  await dataSource.destroy()
}

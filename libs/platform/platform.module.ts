import { type DynamicModule, Inject, Module } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { Clock, SystemClock } from './clock.js'
import type { Config, Secrets } from './config/load-config.js'
import { ChangeFeed } from './database/change-feed.js'
import { databaseUrl, openDatabase, type Schema } from './database/open-database.js'
import { createLogger, type Logger } from './logging/logger.js'
import { Metrics } from './metrics/metrics.js'
import { BullmqQueue } from './queue/bullmq-queue.js'
import { JobQueue } from './queue/job-queue.js'
import { QueueConnection } from './queue/queue-connection.js'
import { CONFIG, LOGGER, SECRETS } from './tokens.js'

/** What every room stands on: configuration, time, logs, metrics, the database with its change feed, the queue. */
@Module({})
export class PlatformModule {
  constructor(
    @Inject(JobQueue) private readonly queue: BullmqQueue,
    @Inject(QueueConnection) private readonly queueConnection: QueueConnection,
    @Inject(ChangeFeed) private readonly feed: ChangeFeed,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  /** `config.databaseUrl` must be set: whoever starts an embedded server puts its address there. */
  static register(config: Config, secrets: Secrets, schema: Schema): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: SECRETS, useValue: secrets },
        { provide: LOGGER, useValue: createLogger(config) },
        { provide: Clock, useClass: SystemClock },
        { provide: Metrics, useValue: new Metrics(config.instanceName) },
        ...databaseProviders(schema),
        ...queueProviders,
      ],
      exports: [CONFIG, SECRETS, LOGGER, Clock, Metrics, DataSource, ChangeFeed, QueueConnection, JobQueue],
    }
  }

  /** Before any room lets go of what it holds, the ledger among them. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.queue.close()
    await this.queueConnection.close()
  }

  /** Called last of all modules, because this one is global: nobody uses the database any more. */
  async onApplicationShutdown(): Promise<void> {
    await this.feed.close()
    await this.dataSource.destroy()
  }
}

function databaseProviders(schema: Schema) {
  return [
    {
      provide: DataSource,
      useFactory: (config: Config, log: Logger) => openDatabase(config, log, schema),
      inject: [CONFIG, LOGGER],
    },
    {
      provide: ChangeFeed,
      useFactory: async (config: Config, clock: Clock, log: Logger) => {
        const feed = new ChangeFeed({
          url: databaseUrl(config),
          maxSilenceMs: config.changeFeedMaxSilenceMs,
          clock,
          log,
        })
        await feed.start()
        return feed
      },
      inject: [CONFIG, Clock, LOGGER],
    },
  ]
}

const queueProviders = [
  {
    provide: QueueConnection,
    useFactory: async (config: Config, log: Logger) => {
      const connection = new QueueConnection(databaseUrl(config), log)
      await connection.migrate()
      return connection
    },
    inject: [CONFIG, LOGGER],
  },
  {
    provide: JobQueue,
    useFactory: (connection: QueueConnection, log: Logger, metrics: Metrics): JobQueue =>
      new BullmqQueue(connection, log, metrics),
    inject: [QueueConnection, LOGGER, Metrics],
  },
]

import { type DynamicModule, Inject, Module } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { Clock } from './clock.js'
import { ChangeFeed } from './database/change-feed.js'
import { GroupedStatements } from './database/grouped-statements.js'
import { Metrics } from './metrics/metrics.js'
import { closeDatabase, closeQueue, type Platform } from './platform.js'
import { JobQueue } from './queue/job-queue.js'
import { QueueConnection } from './queue/queue-connection.js'
import { CONFIG, LOGGER, SECRETS } from './tokens.js'

const PLATFORM = Symbol('Platform')

/** Gives an open platform to every room, and closes it after them. */
@Module({})
export class PlatformModule {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  static register(platform: Platform): DynamicModule {
    const provided = [
      { provide: CONFIG, useValue: platform.config },
      { provide: SECRETS, useValue: platform.secrets },
      { provide: LOGGER, useValue: platform.log },
      { provide: Clock, useValue: platform.clock },
      { provide: Metrics, useValue: platform.metrics },
      { provide: DataSource, useValue: platform.dataSource },
      { provide: GroupedStatements, useValue: platform.grouped },
      { provide: ChangeFeed, useValue: platform.feed },
      { provide: QueueConnection, useValue: platform.queueConnection },
      { provide: JobQueue, useValue: platform.queue },
    ]
    return {
      module: PlatformModule,
      global: true,
      providers: [...provided, { provide: PLATFORM, useValue: platform }],
      exports: provided.map(({ provide }) => provide),
    }
  }

  /** Before any room lets go of what it holds, the ledger among them. */
  async beforeApplicationShutdown(): Promise<void> {
    await closeQueue(this.platform)
  }

  /** Called last of all modules, because this one is global: nobody uses the database any more. */
  async onApplicationShutdown(): Promise<void> {
    await closeDatabase(this.platform)
  }
}

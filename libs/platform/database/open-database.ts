import type { DataSource } from 'typeorm'
import type { Config } from '../config/load-config.js'
import { InvariantError, messageOf } from '../errors.js'
import type { Logger } from '../logging/logger.js'
import { createDataSource, type Entity } from './database.js'
import { migrate } from './migrate.js'
import type { Migration } from './migration.js'

/** Every room's tables: the entities that map them and the steps that make them. */
export interface Schema {
  readonly entities: readonly Entity[]
  readonly migrations: readonly Migration[]
}

/** An open database whose tables are up to date. */
export async function openDatabase(config: Config, log: Logger, { entities, migrations }: Schema): Promise<DataSource> {
  const dataSource = createDataSource({
    url: databaseUrl(config),
    poolSize: config.databasePoolSize,
    applicationName: `kivuko ${config.instanceName}`,
    entities,
    onPoolError: (error) => {
      if (dataSource.isInitialized) log.warn(`A database connection broke: ${messageOf(error)}`)
    },
  })
  await dataSource.initialize()
  try {
    await migrate(dataSource, migrations)
  } catch (error) {
    await dataSource.destroy()
    throw error
  }
  return dataSource
}

/** The database's address, which stands once the node's server is up. */
export function databaseUrl({ databaseUrl }: Pick<Config, 'databaseUrl'>): string {
  if (databaseUrl === undefined) throw new InvariantError('the database is started before the rooms are opened')
  return databaseUrl
}

import { DataSource, type EntityManager, type EntitySchema } from 'typeorm'
import { PreparingClient } from './preparing-client.js'
import { SnakeCase } from './snake-case.js'

export { DataSource }

/** Where a query runs: `dataSource.manager`, or the manager of the caller's transaction. */
export type Db = EntityManager

/** An entity class, or its schema. */
export type Entity = (new () => object) | EntitySchema

export interface DatabaseOptions {
  readonly url: string
  readonly poolSize: number
  readonly applicationName: string
  readonly entities: readonly Entity[]
  /** A connection that broke while idle: it is replaced, and this is told. */
  onPoolError(error: Error): void
}

// Long enough for a server under load, short enough that a caller is answered in time.
const CONNECT_TIMEOUT_MS = 10_000

/** A pool of connections that is not open yet; call `initialize()`. */
export function createDataSource({
  url,
  poolSize,
  applicationName,
  entities,
  onPoolError,
}: DatabaseOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    poolSize,
    applicationName,
    entities: [...entities],
    namingStrategy: new SnakeCase(),
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    poolErrorHandler: onPoolError,
    synchronize: false,
    logging: false,
    // Without keepalive a connection cut by a firewall is noticed only when it is used.
    extra: { keepAlive: true, Client: PreparingClient },
  })
}

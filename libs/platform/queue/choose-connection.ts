import type { Config } from '../config/load-config.js'
import type { Logger } from '../logging/logger.js'
import { PostgresQueueConnection } from './postgres-connection.js'
import type { QueueConnection } from './queue-connection.js'
import { RedisQueueConnection } from './redis-connection.js'

/** The queue's connection as the settings have it; `databaseUrl` is where it is kept without a Redis. */
export function chooseConnection(config: Config, databaseUrl: string, log: Logger): QueueConnection {
  const { redisUrl, ilpAddress, operatorTenantId } = config
  if (redisUrl === undefined) return new PostgresQueueConnection(databaseUrl, log)
  // The same in every process of a node, and another one in every other node on that Redis.
  return new RedisQueueConnection({ ...config, redisUrl }, `kivuko:${ilpAddress}:${operatorTenantId}`, log)
}

import type { Config } from '../config/load-config.js'
import type { Logger } from '../logging/logger.js'
import { PostgresQueueConnection } from './postgres-connection.js'
import type { QueueConnection } from './queue-connection.js'
import { redisPrefix } from './redis-client.js'
import { RedisQueueConnection } from './redis-connection.js'

/** The queue's connection as the settings have it; `databaseUrl` is where it is kept without a Redis. */
export function chooseConnection(config: Config, databaseUrl: string, log: Logger): QueueConnection {
  const { redisUrl } = config
  if (redisUrl === undefined) return new PostgresQueueConnection(databaseUrl, log)
  return new RedisQueueConnection({ ...config, redisUrl }, redisPrefix(config), log)
}

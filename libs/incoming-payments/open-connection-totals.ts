import { type Clock, type Config, type DataSource, type Logger, RedisCounters } from '@kivuko/platform'
import type { ConnectionTotals } from './connection-totals.js'
import { PostgresTotals } from './postgres-totals.js'
import { RedisTotals } from './redis-totals.js'

/** On Redis where REDIS_URL is set, else in Postgres. */
export function openConnectionTotals(
  config: Config,
  dataSource: DataSource,
  clock: Clock,
  log: Logger,
): ConnectionTotals {
  const { redisUrl } = config
  if (redisUrl === undefined) return new PostgresTotals(dataSource, clock, log)
  return new RedisTotals(new RedisCounters({ ...config, redisUrl }, log), log)
}

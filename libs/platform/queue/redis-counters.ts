import type { Redis } from 'ioredis'
import type { Config } from '../config/load-config.js'
import type { Logger } from '../logging/logger.js'
import { logLoss, type RedisSettings, redisClient, redisPrefix } from './redis-client.js'

// Soon after a lost Redis is back, its counters are.
const LONGEST_PAUSE_MS = 1_000

// One command, so that no counter stays for ever because its process ended between two. As text: Lua counts in doubles.
const ADD = `
  redis.call('INCRBY', KEYS[1], ARGV[1])
  redis.call('EXPIRE', KEYS[1], ARGV[2])
  return redis.call('GET', KEYS[1])`

interface WithAdd {
  addTo(key: string, amount: string, keepSeconds: number): Promise<string>
}

/** Numbers up to 2^63 − 1 on Redis that every process of a node adds to. Each is forgotten some time after its last addition. */
export class RedisCounters {
  private readonly client: Redis & WithAdd
  private isStopping = false

  /** Connects by itself, and again when the server was lost. */
  constructor(settings: RedisSettings & Pick<Config, 'ilpAddress' | 'operatorTenantId'>, log: Logger) {
    const client = redisClient(settings, {
      connectionName: 'kivuko counters',
      keyPrefix: `${redisPrefix(settings)}:`,
      // Who counts does not wait for a lost server.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (attempt) => (this.isStopping ? null : Math.min(100 * attempt, LONGEST_PAUSE_MS)),
      scripts: { addTo: { lua: ADD, numberOfKeys: 1 } },
    })
    logLoss(client, log, 'nothing is counted there meanwhile')
    this.client = withAdd(client)
  }

  /** Throws when the server is away, and when the sum would be too large. */
  async add(key: string, amount: bigint, keepSeconds: number): Promise<bigint> {
    return BigInt(await this.client.addTo(key, amount.toString(), keepSeconds))
  }

  close(): void {
    this.isStopping = true
    this.client.disconnect()
  }
}

/** ioredis gives a client a method per script, which its types do not know. */
function withAdd(client: Redis): Redis & WithAdd {
  const hasAdd = (given: Redis): given is Redis & WithAdd => 'addTo' in given
  if (!hasAdd(client)) throw new TypeError('ioredis has defined no method for the script')
  return client
}

import { readFileSync } from 'node:fs'
import { Redis, type RedisOptions } from 'ioredis'
import type { Config } from '../config/load-config.js'
import { messageOf } from '../errors.js'
import type { Logger } from '../logging/logger.js'

const CONNECT_TIMEOUT_MS = 5_000
const KEEPALIVE_DELAY_MS = 10_000

export type RedisSettings = Pick<Config, 'redisTlsCaFile' | 'redisTlsKeyFile' | 'redisTlsCertFile'> & {
  readonly redisUrl: string
}

/** Before the keys of a node: the same in every process of it, and another one in every other node on that Redis. */
export function redisPrefix({ ilpAddress, operatorTenantId }: Pick<Config, 'ilpAddress' | 'operatorTenantId'>): string {
  return `kivuko:${ilpAddress}:${operatorTenantId}`
}

export function redisClient(settings: RedisSettings, options: RedisOptions): Redis {
  return new Redis(settings.redisUrl, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepAlive: KEEPALIVE_DELAY_MS,
    ...tlsOf(settings),
    ...options,
  })
}

/** Says once that the server is lost and once that it is back, however many attempts lie between. */
export function logLoss(client: Redis, log: Logger, consequence: string): void {
  let isLost = false
  client.on('error', (error) => {
    if (!isLost) log.warn(`Redis is lost, ${consequence}: ${messageOf(error)}`)
    isLost = true
  })
  client.on('ready', () => {
    if (isLost) log.info('Redis is back')
    isLost = false
  })
}

/** A server's certificate is always checked; the files say by whom it is issued and who we are. */
function tlsOf({ redisTlsCaFile, redisTlsKeyFile, redisTlsCertFile }: RedisSettings): Pick<RedisOptions, 'tls'> {
  if (redisTlsCaFile === undefined && redisTlsKeyFile === undefined) return {}
  const read = (path: string | undefined) => (path === undefined ? undefined : readFileSync(path, 'utf8'))
  return { tls: { ca: read(redisTlsCaFile), key: read(redisTlsKeyFile), cert: read(redisTlsCertFile) } }
}

import { BullmqQueue, Metrics, RedisQueueConnection } from '@kivuko/platform'
import { Worker } from 'bullmq'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hasRedis, RedisServer } from '../../harness/redis.js'
import { timed } from '../../harness/tries.js'
import { describeJobQueue, quietLog } from './job-queue-contract.js'

const NO_TLS = { redisTlsCaFile: undefined, redisTlsKeyFile: undefined, redisTlsCertFile: undefined }

const connectionTo = (url: string) => new RedisQueueConnection({ redisUrl: url, ...NO_TLS }, 'kivuko:test', quietLog)

describe.skipIf(!hasRedis('the queue'))('with a redis-server', () => {
  describeJobQueue('Redis', async () => {
    const server = await RedisServer.start()
    return {
      connection: connectionTo(server.url),
      async countCalls(act) {
        await server.say('CONFIG RESETSTAT')
        await act()
        const calls = [...(await server.say('INFO commandstats')).matchAll(/cmdstat_evalsha:calls=(\d+)/g)]
        return calls.reduce((sum, [, count]) => sum + Number(count), 0)
      },
      lose: () => server.kill(),
      bringBack: () => server.restart(),
      close: () => server.kill(),
    }
  })

  describe('a Redis that is away or does not answer', () => {
    let server: RedisServer
    let connection: RedisQueueConnection
    let queue: BullmqQueue

    beforeEach(async () => {
      server = await RedisServer.start()
      connection = connectionTo(server.url)
      await connection.open()
      queue = new BullmqQueue(connection, quietLog, new Metrics('test'))
      await queue.ring('bell', 'warm')
    })
    afterEach(async () => {
      await server.kill()
      await connection.close()
    })

    async function msOf(act: () => Promise<unknown>): Promise<number> {
      const startedAt = performance.now()
      await act()
      return performance.now() - startedAt
    }

    it('holds nobody who rings: not at all when it is away, for about a second when it hangs', timed, async () => {
      server.freeze()
      expect(await msOf(() => queue.ring('bell', 'a'))).toBeLessThan(2_000)
      server.thaw()
      await server.kill()
      expect(await msOf(() => queue.ring('bell', 'a'))).toBeLessThan(100)
      expect(await msOf(() => queue.ring('never rung before', 'a'))).toBeLessThan(100)
      await queue.close()
    })

    it('does not hold up a node that stops', { ...timed, timeout: 20_000 }, async () => {
      const worker = new Worker('bell', async () => undefined, { ...connection.forWorkers, runRetryDelay: 1_000 })
      worker.on('error', () => undefined)
      await worker.waitUntilReady()
      await server.kill()
      await connection.stopWaiting()
      expect(await msOf(() => worker.close())).toBeLessThan(3_000)
      expect(await msOf(() => queue.close())).toBeLessThan(2_000)
      expect(await msOf(() => connection.close())).toBeLessThan(2_000)
    })
  })

  describe('a Redis that cannot carry the queue stops the start and is named', () => {
    it.each([
      [['--maxmemory-policy', 'allkeys-lru'], 'its maxmemory-policy is allkeys-lru; set it to noeviction'],
      [['--requirepass', 'secret'], 'NOAUTH Authentication required'],
    ])('%j', async (options, reason) => {
      const server = await RedisServer.start(...options)
      const connection = connectionTo(server.url)
      try {
        await expect(connection.open()).rejects.toThrow(
          `REDIS_URL: Redis at 127.0.0.1:${server.port} cannot be used: ${reason}`,
        )
      } finally {
        await connection.close()
        await server.kill()
      }
    })

    it('with a wrong password, which is not shown', async () => {
      const server = await RedisServer.start('--requirepass', 'secret')
      const connection = connectionTo(`redis://:hunter2@127.0.0.1:${server.port}`)
      try {
        const refused = connection.open()
        await expect(refused).rejects.toThrow('WRONGPASS')
        await expect(refused).rejects.not.toThrow('hunter2')
      } finally {
        await connection.close()
        await server.kill()
      }
    })
  })
})

import { createHash } from 'node:crypto'
import { type ConnectionTotals, openConnectionTotals } from '@kivuko/incoming-payments'
import { createDataSource, loadConfig, ManualClock } from '@kivuko/platform'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeEnvironment } from '../../harness/node-settings.js'
import { freshDatabase } from '../../harness/postgres.js'
import { hasRedis, RedisServer } from '../../harness/redis.js'
import { timed } from '../../harness/tries.js'
import { waitFor } from '../../harness/wait-for.js'
import { quietLog } from '../platform/job-queue-contract.js'

const DAY_MS = 86_400_000

/** A backend under test. */
interface Subject {
  /** The totals as another process sees them, or this one after a restart. */
  open(): Promise<ConnectionTotals>
  /** As if so much time had passed. */
  pass(ms: number, connectionId: string): Promise<void>
  /** Statements or commands that it was sent while `act` ran. */
  countCalls(act: () => Promise<unknown>): Promise<number>
  lose(): Promise<void>
  bringBack(): Promise<void>
  close(): Promise<void>
}

const idOf = (name: string) => createHash('sha256').update(name).digest('hex')
const [ONE, OTHER] = [idOf('one'), idOf('other')]

function describeTotals(backend: string, openSubject: () => Promise<Subject>): void {
  describe(`totals of STREAM connections ${backend}`, () => {
    let subject: Subject
    let totals: ConnectionTotals

    beforeEach(async () => {
      subject = await openSubject()
      totals = await subject.open()
      // A client that has just been made may still be connecting.
      await waitFor('the totals can be told', async () => (await totals.add(idOf('warm'), 1n)) !== undefined)
    })
    afterEach(() => subject.close())

    it('count each connection by itself, exactly', async () => {
      expect(await totals.add(ONE, 5n)).toBe(5n)
      expect(await totals.add(OTHER, 2n ** 62n + 1n)).toBe(2n ** 62n + 1n)
      expect(await totals.add(ONE, 7n)).toBe(12n)
      expect(await totals.add(OTHER, 1n)).toBe(2n ** 62n + 2n)
      expect(await totals.add(ONE, 0n)).toBe(12n)
    })

    it('are the same for all processes, and after a restart', async () => {
      const another = await subject.open()
      await waitFor('the other process is ready', async () => (await another.add(idOf('warm'), 1n)) !== undefined)
      expect(await totals.add(ONE, 5n)).toBe(5n)
      expect(await another.add(ONE, 7n)).toBe(12n)
      expect(await totals.add(ONE, 0n)).toBe(12n)
    })

    it('lose nothing of what comes at the same time, and never tell more than has come', async () => {
      const another = await subject.open()
      await waitFor('the other process is ready', async () => (await another.add(idOf('warm'), 1n)) !== undefined)
      const packets = Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? totals : another))
      const told = await Promise.all(packets.map((process, index) => process.add(index % 3 === 0 ? OTHER : ONE, 1n)))
      expect(
        told.every((total, index) => total !== undefined && total > 0n && total <= (index % 3 === 0 ? 67n : 133n)),
      ).toBe(true)
      expect([await totals.add(ONE, 0n), await another.add(OTHER, 0n)]).toEqual([133n, 67n])
    })

    it('cost one call each, and fewer when they come together', async () => {
      expect(await subject.countCalls(() => totals.add(ONE, 1n))).toBe(1)
      const many = Array.from({ length: 50 }, (_, index) => idOf(`${index}`))
      expect(await subject.countCalls(() => Promise.all(many.map((id) => totals.add(id, 1n))))).toBeLessThanOrEqual(50)
    })

    it('are kept for a day after the last addition, and then begin again', async () => {
      await totals.add(ONE, 5n)
      await subject.pass(DAY_MS - 60_000, ONE)
      expect(await totals.add(ONE, 5n)).toBe(10n)
      await subject.pass(DAY_MS + 60_000, ONE)
      expect(await totals.add(ONE, 5n)).toBe(5n)
    })

    it(
      'cannot be told while the server is away, at once and without an error; afterwards they can',
      timed,
      async () => {
        await totals.add(ONE, 5n)
        await subject.lose()
        const startedAt = performance.now()
        expect(await totals.add(ONE, 5n)).toBeUndefined()
        expect(performance.now() - startedAt).toBeLessThan(1_000)
        await subject.bringBack()
        const total = await waitFor('the totals can be told again', () => totals.add(ONE, 1n))
        // What could not be counted is in no total: a receipt may say too little, never too much.
        expect(total).toBeLessThan(10n)
      },
    )
  })
}

describeTotals('in Postgres', async () => {
  const database = await freshDatabase('totals')
  const env = await nodeEnvironment({
    name: 't',
    databaseUrl: database.url,
    dataDir: '/nowhere',
    webhookUrl: 'http://x',
  })
  const clock = new ManualClock(Date.UTC(2030, 0, 1))
  const opened: { destroy(): Promise<void> }[] = []
  let calls = 0
  return {
    async open() {
      const options = { poolSize: 4, applicationName: 'totals', entities: [], onPoolError: () => undefined }
      const dataSource = createDataSource({ url: database.url, ...options })
      await dataSource.initialize()
      opened.push(dataSource)
      const { manager } = dataSource
      const { query } = manager
      manager.query = new Proxy(query, {
        apply(target, _, args) {
          calls += 1
          return Reflect.apply(target, manager, args)
        },
      })
      return openConnectionTotals(loadConfig(env).config, dataSource, clock, quietLog)
    },
    async pass(ms) {
      clock.advance(ms)
    },
    async countCalls(act) {
      calls = 0
      await act()
      return calls
    },
    lose: async () => void (await database.query('alter table stream_totals rename to away')),
    bringBack: async () => void (await database.query('alter table away rename to stream_totals')),
    async close() {
      for (const dataSource of opened) await dataSource.destroy()
      await database.drop()
    },
  }
})

describe.skipIf(!hasRedis('totals of STREAM connections'))('with a redis-server', () => {
  describeTotals('on Redis', async () => {
    const server = await RedisServer.start()
    const settings = { databaseUrl: 'postgres://nowhere/db', dataDir: '/nowhere', webhookUrl: 'http://x' }
    const env = await nodeEnvironment({ name: 't', ...settings, env: { REDIS_URL: server.url } })
    const { config } = loadConfig(env)
    const key = (id: string) => `kivuko:test.t:${config.operatorTenantId}:stream-total:${id}`
    const none = createDataSource({
      ...{ url: settings.databaseUrl, poolSize: 1, applicationName: 'none', entities: [] },
      onPoolError: () => undefined,
    })
    const opened: ConnectionTotals[] = []
    return {
      async open() {
        const totals = openConnectionTotals(config, none, new ManualClock(0), quietLog)
        opened.push(totals)
        return totals
      },
      // Redis has a clock of its own: its key is given what would be left.
      async pass(ms, id) {
        const left = Number(/:(-?\d+)/.exec(await server.say(`PTTL ${key(id)}`))?.[1])
        expect(left).toBeGreaterThan(DAY_MS - 60_000)
        await server.say(`PEXPIRE ${key(id)} ${left - ms}`)
      },
      async countCalls(act) {
        await server.say('CONFIG RESETSTAT')
        await act()
        const calls = [...(await server.say('INFO commandstats')).matchAll(/cmdstat_evalsha:calls=(\d+)/g)]
        return calls.reduce((sum, [, count]) => sum + Number(count), 0)
      },
      lose: () => server.kill(),
      bringBack: () => server.restart(),
      async close() {
        for (const totals of opened) await totals.onApplicationShutdown()
        await server.kill()
      },
    }
  })
})

import { accountingMigrations, MemoryLedger, PostgresLedger, TigerBeetleLedger } from '@kivuko/accounting'
import { createDataSource, createLogger, loadConfig, ManualClock, migrate, SystemClock } from '@kivuko/platform'
import { freshDatabase } from '../../harness/postgres.js'
import type { LedgerAdapter } from './subject.js'
import { TigerBeetleServer } from './tigerbeetle-server.js'

export const quietLog = createLogger(loadConfig({ LOG_LEVEL: 'silent' }).config)

export const memoryAdapter: LedgerAdapter = {
  name: 'memory',
  concurrent: false,
  async open() {
    const clock = new ManualClock(1_800_000_000_000)
    const ledger = new MemoryLedger(clock)
    return {
      ledger,
      async expire() {
        clock.advance(1_000)
      },
      close: () => ledger.close(),
    }
  },
}

export const postgresAdapter: LedgerAdapter = {
  name: 'postgres',
  concurrent: true,
  async open() {
    const database = await freshDatabase('ledger')
    await migrateLedger(database.url)
    const ledger = new PostgresLedger({ url: database.url, clock: new SystemClock(), log: quietLog })
    return {
      ledger,
      /** Turns the database's clock, seen from these reservations: their time is set back instead of waited for. */
      async expire(ids) {
        const uuids = ids.map((id) => id.toString(16).padStart(32, '0'))
        await database.query("update ledger_releases set released_until = '-infinity'")
        await database.query(
          "update ledger_transfers set expires_at = expires_at - interval '1 second' where id = any($1::uuid[])",
          [uuids],
        )
      },
      async close() {
        await ledger.close()
        await database.drop()
      },
    }
  },
}

export async function migrateLedger(url: string): Promise<void> {
  const onPoolError = (error: Error) => console.error(error)
  const dataSource = createDataSource({ url, poolSize: 1, applicationName: 'ledger tests', entities: [], onPoolError })
  await dataSource.initialize()
  try {
    await migrate(dataSource, accountingMigrations)
  } finally {
    await dataSource.destroy()
  }
}

export const tigerBeetleAdapter: LedgerAdapter = {
  name: 'tigerbeetle',
  concurrent: true,
  async open() {
    const server = await TigerBeetleServer.start()
    const ledger = await openTigerBeetle(server)
    return {
      ledger,
      /** The cluster's clock cannot be turned: it is waited for, and a little more until the cluster has swept. */
      async expire() {
        await new Promise((passed) => setTimeout(passed, 1_500))
      },
      async close() {
        await ledger.close()
        await server.remove()
      },
    }
  },
}

export function openTigerBeetle(server: TigerBeetleServer, timeoutMs = 20_000): Promise<TigerBeetleLedger> {
  const replicas = [server.address]
  return TigerBeetleLedger.open({ replicas, clusterId: 0n, timeoutMs, clock: new SystemClock(), log: quietLog })
}

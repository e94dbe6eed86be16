import {
  AnswerTable,
  accountingMigrations,
  MemoryLedger,
  PostgresLedger,
  TigerBeetleLedger,
  uuidFromId,
} from '@kivuko/accounting'
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
    const ledger = new MemoryLedger(clock, { isDurable: true })
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
    const ledger = new PostgresLedger({ url: database.url, clock: new SystemClock(), log: quietLog, timeoutMs: 20_000 })
    return {
      ledger,
      /** Their time is brought forward to this moment, by the rule the ledger's own batches follow. */
      async expire(ids) {
        await database.query(
          `with batch as materialized (select pg_advisory_xact_lock_shared(548856, 1))
          update ledger_transfers set expires_at = clock_timestamp() from batch
            where id = any($1::uuid[]) and expires_at is not null`,
          [ids.map(uuidFromId)],
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
    const [server, database] = await Promise.all([TigerBeetleServer.start(), freshDatabase('answers')])
    await migrateLedger(database.url)
    const clock = new SystemClock()
    const answers = new AnswerTable({ url: database.url, clock, log: quietLog, timeoutMs: 20_000 })
    const ledger = await openTigerBeetle(server, 20_000, answers)
    return {
      ledger,
      /** The cluster's clock cannot be turned: it is waited for, and a little more until the cluster has swept. */
      async expire() {
        await new Promise((passed) => setTimeout(passed, 1_500))
      },
      async close() {
        await ledger.close()
        await Promise.all([server.remove(), database.drop()])
      },
    }
  },
}

export function openTigerBeetle(
  server: { address: string },
  timeoutMs = 20_000,
  answers?: AnswerTable,
): Promise<TigerBeetleLedger> {
  const replicas = [server.address]
  return TigerBeetleLedger.open({
    replicas,
    clusterId: 0n,
    timeoutMs,
    clock: new SystemClock(),
    log: quietLog,
    answers,
  })
}

import { openLedger } from '@kivuko/accounting'
import {
  type Config,
  createDataSource,
  createLogger,
  EmbeddedPostgres,
  type Env,
  type Logger,
  loadConfig,
  messageOf,
  SystemClock,
} from '@kivuko/platform'
import { AuditReport, type AuditResult } from '@kivuko/reports'
import { type DatabaseServer, openDatabaseServer } from './database-server.js'

/**
 * Audits the node that the environment describes: beside it while it runs, on its own embedded Postgres while it does not.
 * Opens the ledger and the database, not the rooms: they would mend at their start what the audit has to find.
 */
export async function audit(env: Env): Promise<AuditResult> {
  const { config } = loadConfig(env)
  const log = createLogger({ ...config, logLevel: 'warn' })
  const server = await databaseOf(config, log)
  try {
    return await auditDatabase({ ...config, databaseUrl: server.url }, log, server)
  } finally {
    await server.stop()
  }
}

async function databaseOf(config: Config, log: Logger): Promise<Pick<DatabaseServer, 'url' | 'place' | 'stop'>> {
  const running = config.databaseUrl === undefined ? await EmbeddedPostgres.runningAt(config.dataDir) : undefined
  if (running === undefined) return openDatabaseServer(config, log)
  return { url: running, place: `embedded Postgres of the running node`, stop: async () => undefined }
}

async function auditDatabase(
  config: Config,
  log: Logger,
  { url, place }: { url: string; place: string },
): Promise<AuditResult> {
  const clock = new SystemClock()
  const dataSource = createDataSource({
    url,
    poolSize: 2,
    applicationName: 'kivuko audit',
    entities: [],
    onPoolError: (error) => log.warn(`A database connection broke: ${messageOf(error)}`),
  })
  await dataSource.initialize()
  try {
    const tables = await dataSource.query(`SELECT to_regclass('outgoing_payments') AS found`)
    if (tables[0]?.found === null)
      throw new Error(`No node has ever run on this database (${place}): there is nothing to audit.`)
    const ledger = await openLedger(config, clock, log)
    return await new AuditReport(dataSource, ledger, clock).run().finally(() => ledger.close())
  } finally {
    await dataSource.destroy()
  }
}

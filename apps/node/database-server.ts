import { type Config, EmbeddedPostgres, type Logger, waitForDatabase } from '@kivuko/platform'

/** The server that the rooms' database is on. */
export interface DatabaseServer {
  readonly url: string
  /** Where it is, for the operator to read. */
  readonly place: string
  /** Resolves with the reason when the server ends by itself; never for a server that is not ours. */
  readonly failed: Promise<string>
  stop(): Promise<void>
}

/** The server of DATABASE_URL, waited for; without one, an embedded server under DATA_DIR. */
export async function openDatabaseServer({ databaseUrl, dataDir }: Config, log: Logger): Promise<DatabaseServer> {
  if (databaseUrl === undefined) return startEmbedded(dataDir, log)
  await waitForDatabase(databaseUrl, log)
  const { host, pathname } = new URL(databaseUrl)
  const never = new Promise<string>(() => undefined)
  return { url: databaseUrl, place: `Postgres at ${host}${pathname}`, failed: never, stop: async () => undefined }
}

async function startEmbedded(dataDir: string, log: Logger): Promise<DatabaseServer> {
  log.info('Starting the embedded Postgres')
  const server = await EmbeddedPostgres.start({ dataDir, log })
  return {
    url: server.url,
    place: `embedded Postgres in ${server.folder}`,
    failed: server.failed,
    stop: () => server.stop(),
  }
}

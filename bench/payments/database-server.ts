import { EmbeddedPostgres, type Logger } from '@kivuko/platform'
import pg from 'pg'

/** The embedded server as a node starts it, but counting statements: the library is loaded at a start only. */
export async function startCountingServer(dataDir: string, log: Logger): Promise<EmbeddedPostgres> {
  const options = { dataDir, temporary: false, log }
  const first = await EmbeddedPostgres.start(options)
  await query(first.url, `alter system set shared_preload_libraries = 'pg_stat_statements'`)
  await query(first.url, 'alter system set pg_stat_statements.track_planning = on')
  await first.stop()
  const server = await EmbeddedPostgres.start(options)
  await query(server.url, 'create extension if not exists pg_stat_statements')
  return server
}

export async function query<Row extends pg.QueryResultRow>(
  url: string,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(sql, values)).rows
  } finally {
    await client.end()
  }
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger, EmbeddedPostgres, loadConfig } from '@kivuko/platform'
import pg from 'pg'

const EXTENSION = 'pg_stat_statements'

/** A Postgres server of the suite's own that counts the statements it executes, those of functions left out. */
export class CountingPostgres {
  private constructor(
    private readonly server: EmbeddedPostgres,
    private readonly folder: string,
  ) {}

  static async start(): Promise<CountingPostgres> {
    const folder = await mkdtemp(join(tmpdir(), 'kivuko-counting-'))
    const log = createLogger(loadConfig({ LOG_LEVEL: 'warn', DATA_DIR: folder }).config)
    // The library is loaded at a start only.
    const first = await EmbeddedPostgres.start({ dataDir: folder, log })
    await query(first.url, `alter system set shared_preload_libraries = '${EXTENSION}'`)
    await first.stop()
    const server = await EmbeddedPostgres.start({ dataDir: folder, temporary: true, log })
    await query(server.url, `create extension ${EXTENSION}`)
    return new CountingPostgres(server, folder)
  }

  get url(): string {
    return this.server.url
  }

  /** How often each statement has been executed so far. */
  async counts(): Promise<ReadonlyMap<string, number>> {
    const made = `select query, sum(calls)::int as calls from ${EXTENSION} group by query`
    const rows = await query<{ query: string; calls: number }>(this.url, made)
    return new Map(rows.map(({ query, calls }) => [query, calls]))
  }

  async stop(): Promise<void> {
    await this.server.stop()
    await rm(this.folder, { recursive: true, force: true })
  }
}

async function query<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger, EmbeddedPostgres, loadConfig } from '@kivuko/platform'
import { type FreshDatabase, queryOnce } from '../harness/postgres.js'
import { onServer, withDatabase } from '../harness/template.js'

/** A Postgres server of the test's own, which can be killed and started again on the same folder and port. */
export class KillableDatabase {
  private constructor(
    private readonly folder: string,
    private server: EmbeddedPostgres,
    private readonly port: number,
  ) {}

  static async start(): Promise<KillableDatabase> {
    const folder = await mkdtemp(join(tmpdir(), 'kivuko-faults-'))
    const server = await launch(folder, undefined)
    return new KillableDatabase(folder, server, Number(new URL(server.url).port))
  }

  /** SIGKILL: nothing is written back, and every connection breaks. */
  async kill(): Promise<void> {
    const [pid] = (await readFile(join(this.server.folder, 'postmaster.pid'), 'utf8')).split('\n')
    const ended = this.server.failed
    process.kill(Number(pid), 'SIGKILL')
    await ended
    await this.server.stop()
  }

  async startAgain(): Promise<void> {
    this.server = await launch(this.folder, this.port)
  }

  /** An empty database on this server; a node makes its tables at its first start. */
  async database(name: string): Promise<FreshDatabase> {
    await onServer(this.server.url, (client) => client.query(`CREATE DATABASE "${name}"`))
    const url = withDatabase(this.server.url, name)
    return {
      url,
      query: (text, values = []) => queryOnce(url, text, values),
      drop: async () => undefined,
    }
  }

  async stop(): Promise<void> {
    await this.server.stop()
    await rm(this.server.folder, { recursive: true, force: true })
    await rm(this.folder, { recursive: true, force: true })
  }
}

function launch(folder: string, port: number | undefined): Promise<EmbeddedPostgres> {
  const log = createLogger(loadConfig({ LOG_LEVEL: 'error', DATA_DIR: folder }).config)
  return EmbeddedPostgres.start({ dataDir: folder, log, ...(port !== undefined && { port }) })
}

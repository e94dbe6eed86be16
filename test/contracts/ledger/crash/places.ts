import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ledger, PostgresLedger } from '@kivuko/accounting'
import { EmbeddedPostgres, SystemClock } from '@kivuko/platform'
import { waitFor } from '../../../harness/wait-for.js'
import { migrateLedger, openTigerBeetle, quietLog } from '../adapters.js'
import { TigerBeetleServer } from '../tigerbeetle-server.js'
import type { Connection } from './worker.js'

/** A server of the suite's own that holds a ledger, and what can happen to it. */
export interface Place {
  readonly connection: Connection
  readonly port: number
  /** A ledger in this process; `port` may be that of a wire to it. */
  open(options?: { timeoutMs?: number; port?: number }): Promise<Ledger>
  /** Kills the server as a power cut would and starts it again. */
  crash(): Promise<void>
  remove(): Promise<void>
}

export async function postgresPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'kivuko-crash-'))
  let server = await EmbeddedPostgres.start({ dataDir: folder, log: quietLog })
  await migrateLedger(server.url)
  const url = server.url
  const port = Number.parseInt(new URL(url).port, 10)
  return {
    connection: { url },
    port,
    async open({ timeoutMs = 30_000, port: through = port } = {}) {
      const via = new URL(url)
      via.port = `${through}`
      return new PostgresLedger({ url: via.href, clock: new SystemClock(), log: quietLog, timeoutMs })
    },
    async crash() {
      const [pid = ''] = (await readFile(join(server.folder, 'postmaster.pid'), 'utf8')).split('\n')
      process.kill(Number.parseInt(pid, 10), 'SIGKILL')
      await server.stop().catch(() => undefined)
      server = await EmbeddedPostgres.start({ dataDir: folder, port, log: quietLog })
    },
    async remove() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export async function tigerBeetlePlace(): Promise<Place> {
  const server = await TigerBeetleServer.start()
  return {
    connection: { replicas: [server.address] },
    port: server.port,
    open: ({ timeoutMs = 30_000, port } = {}) =>
      openTigerBeetle({ address: `localhost:${port ?? server.port}` }, timeoutMs),
    async crash() {
      await server.kill()
      await server.restart()
    },
    remove: () => server.remove(),
  }
}

/** Until the ledger answers again. */
export async function answers(ledger: Ledger): Promise<void> {
  await waitFor(
    'the ledger answers',
    () =>
      ledger.balances([1n]).then(
        () => true,
        () => false,
      ),
    { deadlineMs: 60_000 },
  )
}

import { Client, DatabaseError } from 'pg'
import { messageOf } from '../errors.js'
import type { Logger } from '../logging/logger.js'
import { PATIENCE_MS, type ServerProblem, waitForServer } from '../wait-for-server.js'

const OLDEST_VERSION = 14
const ATTEMPT_TIMEOUT_MS = 5_000

// What a server says while it starts or stops; anything else it says itself will not change by asking again.
const PASSING_CODES: ReadonlySet<string> = new Set(['57P01', '57P02', '57P03', '53300'])

/** Resolves when the server takes queries; waits for one that is still starting, but not for a wrong password. */
export function waitForDatabase(url: string, log: Logger, patienceMs = PATIENCE_MS): Promise<void> {
  const { host, pathname } = new URL(url)
  const server = {
    variable: 'DATABASE_URL',
    name: `the database ${decodeURIComponent(pathname.slice(1))} at ${host}`,
    advice: 'Correct DATABASE_URL, or unset it to run on an embedded Postgres.',
    attempt: () => tryDatabase(url),
  }
  return waitForServer(server, log, patienceMs)
}

async function tryDatabase(url: string): Promise<ServerProblem | undefined> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: ATTEMPT_TIMEOUT_MS })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ version: number }>(
      "select current_setting('server_version_num')::int / 10000 as version",
    )
    const version = rows[0]?.version ?? 0
    if (version >= OLDEST_VERSION) return undefined
    return { message: `it is Postgres ${version}, needed is ${OLDEST_VERSION} or later`, lasting: true }
  } catch (error) {
    return {
      message: messageOf(error),
      lasting: error instanceof DatabaseError && !PASSING_CODES.has(error.code ?? ''),
    }
  } finally {
    await client.end().catch(() => undefined)
  }
}

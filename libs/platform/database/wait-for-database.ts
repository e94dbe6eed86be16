import { setTimeout as sleep } from 'node:timers/promises'
import { Client, DatabaseError } from 'pg'
import { messageOf } from '../errors.js'
import type { Logger } from '../logging/logger.js'

const OLDEST_VERSION = 14
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 5_000
const ATTEMPT_TIMEOUT_MS = 5_000

// What a server says while it starts or stops; anything else it says itself will not change by asking again.
const PASSING_CODES: ReadonlySet<string> = new Set(['57P01', '57P02', '57P03', '53300'])

/** Resolves when the server takes queries; waits for one that is still starting, but not for a wrong password. */
export async function waitForDatabase(url: string, log: Logger, patienceMs = 60_000): Promise<void> {
  const { host, pathname } = new URL(url)
  const name = `the database ${decodeURIComponent(pathname.slice(1))} at ${host}`
  let pauseMs = FIRST_PAUSE_MS
  for (let waitedMs = 0; ; waitedMs += pauseMs, pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const problem = await tryDatabase(url)
    if (problem === undefined) return
    const says = `DATABASE_URL: ${name} cannot be used: ${problem.message}.`
    if (problem.lasting) throw new Error(`${says} Correct DATABASE_URL, or unset it to run on an embedded Postgres.`)
    if (waitedMs >= patienceMs) throw new Error(`${says} Waited ${patienceMs / 1000} seconds for it; is it running?`)
    log.warn(`${says} Trying again in ${pauseMs} ms`)
    await sleep(pauseMs)
  }
}

interface DatabaseProblem {
  readonly message: string
  readonly lasting: boolean
}

async function tryDatabase(url: string): Promise<DatabaseProblem | undefined> {
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

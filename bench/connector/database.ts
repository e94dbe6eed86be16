import pg from 'pg'

/** A new database on the server; its address. */
export async function createDatabase(serverUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    await client.query(`create database "${name}"`)
  } finally {
    await client.end()
  }
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

const LOG_FILES = 50

/**
 * Leaves the server as it is after its first minutes of work: with write-ahead log files that are used again. A new one is
 * written full of zeros before its first use, some 15 ms for every second of load, in which no batch is committed.
 */
export async function fillLog(serverUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    for (let file = 0; file < LOG_FILES; file++) {
      await client.query(`select pg_logical_emit_message(false, 'bench', 'a file is left only when it is not empty')`)
      await client.query('select pg_switch_wal()')
    }
    await client.query('checkpoint')
  } finally {
    await client.end()
  }
}

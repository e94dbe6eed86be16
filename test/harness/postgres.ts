import pg from 'pg'
import { inject } from 'vitest'
import { onServer, TEMPLATE, withDatabase } from './template.js'

export interface FreshDatabase {
  readonly url: string
  query(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>
  drop(): Promise<void>
}

let made = 0

/** A database of the suite's own on the run's server, with every room's tables and no rows. */
export async function freshDatabase(label = 'suite'): Promise<FreshDatabase> {
  made += 1
  const server = inject('postgresUrl')
  const name = `${label.replace(/[^a-z0-9]/g, '_')}_${process.pid}_${made}`
  await onServer(server, (client) => client.query(`CREATE DATABASE "${name}" TEMPLATE "${TEMPLATE}"`))
  const url = withDatabase(server, name)
  return {
    url,
    query: (text, values = []) => queryOnce(url, text, values),
    drop: () => onServer(server, (client) => client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)),
  }
}

export async function queryOnce(
  url: string,
  text: string,
  values: readonly unknown[],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const result = await client.query<Record<string, unknown>>(text, [...values])
    return result.rows
  } finally {
    await client.end()
  }
}

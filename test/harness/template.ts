import { createDataSource, migrate } from '@kivuko/platform'
import { roomsMigrations } from '@kivuko/rooms'
import pg from 'pg'

export const TEMPLATE = 'kivuko_template'

export function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

/** Runs on the server's own database, from where others are created and dropped. */
export async function onServer(serverUrl: string, act: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: withDatabase(serverUrl, 'postgres') })
  await client.connect()
  try {
    await act(client)
  } finally {
    await client.end()
  }
}

/** Migrates once what every suite would migrate again: copying a template takes a tenth of the time. */
export async function prepareTemplate(serverUrl: string): Promise<void> {
  await onServer(serverUrl, (client) => client.query(`CREATE DATABASE "${TEMPLATE}"`))
  const template = createDataSource({
    url: withDatabase(serverUrl, TEMPLATE),
    poolSize: 1,
    applicationName: 'kivuko test template',
    entities: [],
    onPoolError: (error) => console.error(error),
  })
  await template.initialize()
  try {
    await migrate(template, roomsMigrations)
  } finally {
    await template.destroy()
  }
}

import { createDataSource, type DataSource, type Migration, migrate } from '@kivuko/platform'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../harness/postgres.js'

let database: FreshDatabase
const opened: DataSource[] = []

beforeEach(async () => {
  database = await freshDatabase('migrate')
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((dataSource) => dataSource.destroy()))
  await database.drop()
})

async function open(): Promise<DataSource> {
  const dataSource = createDataSource({
    url: database.url,
    poolSize: 2,
    applicationName: 'test',
    entities: [],
    onPoolError: () => undefined,
  })
  opened.push(dataSource)
  return dataSource.initialize()
}

const boats: Migration = { id: '9010-boats', sql: 'create table boats (id int primary key)' }
const crews: Migration = {
  id: '9020-crews',
  sql: 'create table crews (boat int references boats (id)); insert into boats values (1)',
}

describe('migrate', () => {
  it('runs each step once, in the order of the ids', async () => {
    const dataSource = await open()
    await migrate(dataSource, [crews, boats])
    await migrate(dataSource, [boats, crews])
    expect(await dataSource.query('select count(*)::int as boats from boats')).toEqual([{ boats: 1 }])
  })

  it('runs each step once when several nodes start together', async () => {
    const nodes = await Promise.all([open(), open(), open()])
    await Promise.all(nodes.map((dataSource) => migrate(dataSource, [boats, crews])))
    expect(await database.query('select count(*)::int as boats from boats')).toEqual([{ boats: 1 }])
  })

  it('leaves nothing of a step that failed, and keeps those before it', async () => {
    const dataSource = await open()
    const broken = { id: '9020-broken', sql: 'create table oars (id int); select 1 / 0' }
    await expect(migrate(dataSource, [boats, broken])).rejects.toThrow('Migration 9020-broken failed: division by zero')
    const tables = await database.query("select relname from pg_class where relname in ('boats', 'oars')")
    expect(tables).toEqual([{ relname: 'boats' }])
    await migrate(dataSource, [boats, crews])
  })

  it('refuses a step that was changed after it had been applied', async () => {
    const dataSource = await open()
    await migrate(dataSource, [boats])
    const changed = { ...boats, sql: 'create table boats (id bigint primary key)' }
    await expect(migrate(dataSource, [changed])).rejects.toThrow(
      'Migration 9010-boats was changed after it had been applied',
    )
  })

  it('refuses two steps of one id', async () => {
    const dataSource = await open()
    await expect(migrate(dataSource, [boats, boats])).rejects.toThrow('Two migrations have the id 9010-boats')
  })
})

import { createDataSource, createLogger, type DataSource, GroupedStatements, loadConfig } from '@kivuko/platform'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../harness/postgres.js'
import { waitFor } from '../../harness/wait-for.js'

const LANES = 'grouped test'
const INSERT = 'insert into boats values ($1) returning id, pg_current_xact_id()::text as xact'

interface Boat {
  readonly id: number
  readonly xact: string
}

let database: FreshDatabase
let dataSource: DataSource
let grouped: GroupedStatements

beforeEach(async () => {
  database = await freshDatabase('grouped')
  await database.query('create table boats (id int primary key, load int not null default 0)')
  dataSource = createDataSource({
    url: database.url,
    poolSize: 3,
    applicationName: 'test',
    entities: [],
    onPoolError: () => undefined,
  })
  await dataSource.initialize()
  const log = createLogger(loadConfig({ LOG_LEVEL: 'fatal' }).config)
  grouped = new GroupedStatements({ url: database.url, applicationName: LANES, alone: dataSource.manager, log })
})
afterEach(async () => {
  await grouped.close()
  await dataSource.destroy()
  await database.drop()
})

const insert = (id: number): Promise<Boat[]> => grouped.query<Boat>(INSERT, [id])

async function boats(): Promise<unknown[]> {
  return (await database.query('select id from boats order by id')).map(({ id }) => id)
}

describe('grouped statements', () => {
  it('that come at the same time are one transaction, and each is answered its own rows', async () => {
    const answers = (await Promise.all([1, 2, 3, 4, 5].map(insert))).flat()
    expect(answers.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5])
    expect(new Set(answers.map(({ xact }) => xact)).size).toBe(1)
  })

  it('fail by themselves when they do not pass: the others of their group stand', async () => {
    await insert(1)
    const [again, second, third] = await Promise.allSettled([insert(1), insert(2), insert(3)])
    expect(again).toMatchObject({ status: 'rejected', reason: { driverError: { constraint: 'boats_pkey' } } })
    expect([second.status, third.status]).toEqual(['fulfilled', 'fulfilled'])
    expect(await boats()).toEqual([1, 2, 3])
  })

  it('that wait for a row which others hold keep nobody waiting', async () => {
    await insert(1)
    const holder = dataSource.createQueryRunner()
    await holder.startTransaction()
    await holder.query('update boats set load = 1 where id = 1')
    const raise =
      'with raised as (update boats set load = load + $1 where id = 1 returning load) select load from raised'
    const raised = grouped.query<{ load: number }>(raise, [1])
    await Promise.all([insert(2), insert(3)])
    await insert(4)
    await holder.commitTransaction()
    await holder.release()
    expect(await raised).toEqual([{ load: 2 }])
    expect(await boats()).toEqual([1, 2, 3, 4])
  })

  it('are told when their connection breaks, and the next ones have another', async () => {
    const lost = grouped.query('select pg_sleep($1)', [600])
    const outcome = lost.catch((error: unknown) => error)
    const end = `select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = '${LANES}' and state = 'active' and query like '%pg_sleep%'`
    await waitFor('the statement to be cut off', async () => (await database.query(end)).length === 1)
    expect(await outcome).toBeInstanceOf(Error)
    expect(await Promise.all([insert(1), insert(2)])).toHaveLength(2)
    expect(await boats()).toEqual([1, 2])
  })

  it('are all answered before the connections are closed', async () => {
    const asked = Array.from({ length: 200 }, (_, id) => insert(id))
    await grouped.close()
    expect(await Promise.all(asked)).toHaveLength(200)
    expect(await boats()).toHaveLength(200)
  })
})

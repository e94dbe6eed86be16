import { BullmqQueue, createLogger, Metrics, QueueConnection } from '@kivuko/platform'
import { createPostgresBackend, type Job, withBackend } from 'bullmq'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../harness/postgres.js'
import { waitFor } from '../../harness/wait-for.js'

const { Worker } = withBackend(createPostgresBackend)
const log = createLogger({ logLevel: 'silent', instanceName: 'test' })
const BELL = 'bell'

let database: FreshDatabase
let connection: QueueConnection
let queue: BullmqQueue
let metrics: Metrics
let closers: (() => Promise<void>)[]

beforeEach(async () => {
  database = await freshDatabase('queue')
  connection = new QueueConnection(database.url, log)
  await connection.migrate()
  metrics = new Metrics('test')
  queue = new BullmqQueue(connection, log, metrics)
  closers = []
})
afterEach(async () => {
  for (const close of closers) await close()
  await queue.close()
  await connection.close()
  await database.drop()
})

/** A worker that notes what it was rung for; `act` may hold it. */
function answer(act: (id: string) => Promise<void> = async () => undefined): string[] {
  const heard: string[] = []
  const process = async (job: Job<{ id: string }>) => {
    heard.push(job.data.id)
    await act(job.data.id)
  }
  const worker = new Worker(BELL, process, { connection: connection.pool, drainDelay: 60 })
  worker.on('error', () => undefined)
  closers.push(() => worker.close())
  return heard
}

const jobs = async (): Promise<number> => {
  const [row] = await database.query('select count(*)::int as jobs from bullmq.job')
  return typeof row?.jobs === 'number' ? row.jobs : -1
}

describe('the doorbell', () => {
  it('wakes a worker with the id, and leaves nothing behind', async () => {
    const heard = answer()
    await queue.ring(BELL, 'a')
    await waitFor('the worker', async () => heard.length === 1 && (await jobs()) === 0)
    expect(heard).toEqual(['a'])
  })

  it('rung again for what already waits adds nothing', async () => {
    await Promise.all(Array.from({ length: 10 }, () => queue.ring(BELL, 'a')))
    await queue.ring(BELL, 'b')
    expect(await jobs()).toBe(2)
    const heard = answer()
    await waitFor('both', async () => heard.length >= 2 && (await jobs()) === 0)
    expect(heard.sort()).toEqual(['a', 'b'])
  })

  it('rung while the worker is at it has it look once more', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const heard = answer(() => held)
    await queue.ring(BELL, 'a')
    await waitFor('the worker to begin', () => heard.length === 1)
    await queue.ring(BELL, 'a')
    await queue.ring(BELL, 'a')
    release()
    await waitFor('the second look', async () => heard.length === 2 && (await jobs()) === 0)
    expect(heard).toEqual(['a', 'a'])
  })

  it('rings later when asked to, and does not hold back a ring for now', async () => {
    const heard = answer()
    await queue.ring(BELL, 'a', { delayMs: 1_000 })
    await queue.ring(BELL, 'a')
    await waitFor('the ring for now', () => heard.length === 1)
    expect(await jobs()).toBe(1)
    await waitFor('the later ring', async () => heard.length === 2 && (await jobs()) === 0)
  })

  it('may be rung for later by the worker itself', async () => {
    const heard = answer(async (id) => {
      if (heard.length === 1) await queue.ring(BELL, id, { delayMs: 100 })
    })
    await queue.ring(BELL, 'a')
    await waitFor('the look it asked for', () => heard.length === 2)
  })

  it('never throws: a ring that fails is counted, and the bell works again once the database is back', async () => {
    await queue.ring(BELL, 'a')
    await database.query('alter schema bullmq rename to away')
    await queue.ring(BELL, 'b')
    await queue.ring('other', 'c')
    expect(await metrics.text()).toContain('kivuko_rings_missed_total{queue="bell",node="test"} 1')
    await database.query('alter schema away rename to bullmq')
    await queue.ring('other', 'c')
    await queue.ring(BELL, 'b')
    expect(await jobs()).toBe(3)
  })

  it('costs one statement a ring', async () => {
    await queue.ring(BELL, 'warm')
    const statements: string[] = []
    const { query } = connection.pool
    connection.pool.query = new Proxy(query, {
      apply: (target, self, args) => {
        statements.push(String(args[0]))
        return Reflect.apply(target, self, args)
      },
    })
    await queue.ring(BELL, 'a')
    expect(statements).toHaveLength(1)
  })
})

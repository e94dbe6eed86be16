import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accountingMigrations, PostgresLedger } from '@kivuko/accounting'
import { createDataSource, createLogger, EmbeddedPostgres, loadConfig, migrate, SystemClock } from '@kivuko/platform'
import pg from 'pg'
import { ceiling } from './ceiling.js'
import { median, PairBench } from './pairs.js'
import { IN_FLIGHT, MILLION, ROUNDS, SLICE_MS } from './plan.js'
import { Readings } from './slices.js'

const CEILINGS = new Set([1, 64, 256])
const log = createLogger(loadConfig({ LOG_LEVEL: 'warn' }).config)

/**
 * An empty ledger, one with a million transfers and the bare ceiling, on one server, taking turns of a second: what
 * else the machine does meanwhile falls on all of them alike.
 */
export async function benchPostgres(): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'kivuko-bench-'))
  const server = await EmbeddedPostgres.start({ dataDir: folder, temporary: true, log })
  try {
    return await measure(server.url)
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(serverUrl: string): Promise<Record<string, unknown>> {
  const full = await openBench(serverUrl, 'full')
  await full.bench.fill(MILLION)
  await settle(full.url)
  const empty = await openBench(serverUrl, 'empty')
  const bare = await openBare(serverUrl)
  const readings = new Readings()
  await empty.bench.run(64, SLICE_MS)
  for (let round = 0; round < ROUNDS; round++) {
    for (const inFlight of IN_FLIGHT) {
      readings.addRun(inFlight, await empty.bench.run(inFlight, SLICE_MS))
      if (CEILINGS.has(inFlight))
        addCeiling(readings, inFlight, await ceiling(bare.client, bare.accounts, inFlight, SLICE_MS))
      if (inFlight === 64) readings.add('afterMillion', 64, (await full.bench.run(64, SLICE_MS)).pairsPerSecond)
    }
  }
  for (const { bench, ledger } of [empty, full]) {
    await bench.checkSums()
    await ledger.close()
  }
  await bare.client.end()
  return {
    pairsPerSecond: readings.of('pairsPerSecond', IN_FLIGHT),
    afterMillion: readings.of('afterMillion', [64]),
    ceilingPerSecond: readings.of('ceilingPerSecond', [64, 256]),
    p50Ms: readings.of('p50Ms', [1], 3),
    ceilingP50Ms: readings.of('ceilingP50Ms', [1], 3),
  }
}

function addCeiling(readings: Readings, inFlight: number, roundsMs: readonly number[]): void {
  const totalMs = roundsMs.reduce((sum, ms) => sum + ms, 0)
  readings.add('ceilingPerSecond', inFlight, (roundsMs.length * inFlight * 1_000) / totalMs)
  readings.add('ceilingP50Ms', inFlight, median(roundsMs))
}

async function openBench(serverUrl: string, name: string) {
  const url = await createDatabase(serverUrl, name)
  const ledger = new PostgresLedger({ url, clock: new SystemClock(), log, timeoutMs: 20_000 })
  return { url, ledger, bench: await PairBench.open(ledger) }
}

async function openBare(serverUrl: string) {
  const client = new pg.Client({ connectionString: await createDatabase(serverUrl, 'bare') })
  client.on('error', (error) => log.warn(error.message))
  await client.connect()
  // The same way to plan as the ledger's own connection.
  await client.query(`set plan_cache_mode = force_generic_plan; set jit = off; set enable_seqscan = off;
    set enable_bitmapscan = off; set enable_mergejoin = off; set enable_hashjoin = off`)
  const { rows } = await client.query<{ no: number }>(`insert into ledger_accounts (id, ledger, code, limit_on)
    select gen_random_uuid(), 1, 3, 'none' from generate_series(1, 64) returning no`)
  return { client, accounts: rows.map(({ no }) => no) }
}

async function createDatabase(serverUrl: string, name: string): Promise<string> {
  await query(serverUrl, `create database "${name}"`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  const onPoolError = (error: Error) => log.warn(error.message)
  const dataSource = createDataSource({
    url: url.href,
    poolSize: 1,
    applicationName: 'bench',
    entities: [],
    onPoolError,
  })
  await dataSource.initialize()
  await migrate(dataSource, accountingMigrations)
  await dataSource.destroy()
  return url.href
}

/** What the server does by itself some time after a million rows, done before the measuring begins. */
async function settle(url: string): Promise<void> {
  await query(url, 'vacuum analyze')
  await query(url, 'checkpoint')
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}

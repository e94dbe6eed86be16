import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger, EmbeddedPostgres, loadConfig } from '@kivuko/platform'
import { startTigerBeetle } from '../ledger/tigerbeetle-server.js'
import { createDatabase, fillLog } from './database.js'
import { Measuring } from './measuring.js'
import { type Load, type Plan, readPlan, writeLoad } from './plan.js'
import { BenchProcess } from './process.js'
import { printReport } from './report.js'

type Environment = Readonly<Record<string, string>>

/** Everything that was started for a run, to be stopped in the opposite order. */
class Stage {
  private readonly toStop: (() => Promise<unknown>)[] = []

  private constructor(
    private readonly folder: string,
    readonly server: EmbeddedPostgres,
    private readonly profiles: string | undefined,
  ) {}

  static async set({ profiles }: Plan): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), 'kivuko-bench-'))
    const log = createLogger(loadConfig({ LOG_LEVEL: 'warn' }).config)
    const server = await EmbeddedPostgres.start({ dataDir: join(folder, 'postgres'), temporary: true, log })
    await fillLog(server.url)
    return new Stage(folder, server, profiles)
  }

  async process(name: string, file: string, env: Environment = {}): Promise<BenchProcess> {
    const started = await BenchProcess.start(name, file, { env, profiles: this.profiles })
    this.toStop.push(() => started.close())
    return started
  }

  /** A node with a database of its own. With a load it is filled first, and started again: what filled it is not its memory. */
  async node(name: string, env: Environment, load?: Load): Promise<BenchProcess> {
    const DATABASE_URL = await createDatabase(this.server.url, `bench_${name}`)
    const own = { ...env, DATABASE_URL, DATA_DIR: join(this.folder, name) }
    if (load) await (await BenchProcess.start(name, 'node', { env: { ...own, BENCH_LOAD: writeLoad(load) } })).close()
    return this.process(name, 'node', own)
  }

  async tigerBeetle(env: Environment): Promise<BenchProcess[]> {
    const server = await startTigerBeetle()
    if (server === undefined) return []
    this.toStop.push(() => server.stop())
    return [
      await this.node('tigerbeetle', { ...env, LEDGER: 'tigerbeetle', TIGERBEETLE_REPLICA_ADDRESSES: server.address }),
    ]
  }

  /** Processes and servers, but not the database. */
  async clear(): Promise<void> {
    for (const stop of this.toStop.splice(0).reverse()) await stop()
  }

  async leave(): Promise<void> {
    await this.clear().catch((error: unknown) => console.error(error))
    await this.server.stop()
    await rm(this.folder, { recursive: true, force: true })
  }
}

/** `npm run bench:connector`: tables for people, and the figures as JSON in the last line. */
async function main(): Promise<void> {
  const plan = readPlan(process.argv.slice(2))
  const stage = await Stage.set(plan)
  try {
    const stub = await stage.process('stub', 'stub')
    const targets = await startTargets(stage, plan, { STUB_URL: stub.url })
    const overTheWire = await new Measuring(targets, stub, stage.server.folder, plan).run()
    await stage.clear()
    printReport(overTheWire, plan.targets.includes('pipeline') ? await benchPipeline(plan) : {})
  } finally {
    await stage.leave()
  }
}

/** By the number of routes. */
async function benchPipeline({ profiles }: Plan): Promise<Record<string, number>> {
  return JSON.parse(await BenchProcess.result('pipeline', 'pipeline', { profiles }))
}

async function startTargets(stage: Stage, { targets, load }: Plan, env: Environment): Promise<BenchProcess[]> {
  const started: BenchProcess[] = []
  for (const target of targets) {
    if (target === 'proxy') started.push(await stage.process(target, target, env))
    else if (target === 'tigerbeetle') started.push(...(await stage.tigerBeetle(env)))
    else if (target !== 'pipeline') started.push(await stage.node(target, { ...env, BENCH_LEDGER: target }))
    if (target === 'postgres' && load) started.push(await stage.node('full', env, load))
  }
  return started
}

await main()

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger, EmbeddedPostgres, loadConfig } from '@kivuko/platform'
import { createDatabase } from './database.js'
import { Measuring } from './measuring.js'
import { benchPipeline } from './pipeline.js'
import { BenchProcess } from './process.js'
import { printReport } from './report.js'

/** `npm run bench:connector`: tables for people, and the figures as JSON in the last line. */
async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kivuko-bench-'))
  const log = createLogger(loadConfig({ LOG_LEVEL: 'warn' }).config)
  const server = await EmbeddedPostgres.start({ dataDir: join(folder, 'postgres'), temporary: true, log })
  const started: BenchProcess[] = []
  try {
    const begin = async (name: string, file: string, env: Readonly<Record<string, string>> = {}) => {
      const child = await BenchProcess.start(name, file, env)
      started.push(child)
      return child
    }
    const stub = await begin('stub', 'stub')
    const STUB_URL = stub.url
    const node = async (ledger: string) => {
      const DATABASE_URL = await createDatabase(server.url, `bench_${ledger}`)
      return begin(ledger, 'node', { STUB_URL, DATABASE_URL, DATA_DIR: join(folder, ledger), BENCH_LEDGER: ledger })
    }
    const targets = [await node('postgres'), await node('memory'), await begin('proxy', 'proxy', { STUB_URL })]
    const measuring = new Measuring(targets, stub, server.folder)
    const overTheWire = await measuring.run()
    for (const child of started.splice(0).reverse()) await child.close()
    printReport(overTheWire, await benchPipeline())
  } finally {
    await Promise.allSettled(started.map((child) => child.close()))
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

await main()

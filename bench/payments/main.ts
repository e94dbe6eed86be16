import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger, loadConfig } from '@kivuko/platform'
import { createDatabase } from '../connector/database.js'
import { startCountingServer } from './database-server.js'
import { writeHistory } from './history.js'
import { runLoad } from './load.js'
import { Measuring } from './measuring.js'
import { openNetwork } from './network.js'
import { BenchNode, freePorts } from './node.js'
import { readPlan } from './plan.js'
import { BenchRedis } from './redis.js'
import { printReport, printStatements } from './report.js'
import { checkSums } from './sums.js'

/** `npm run bench:payments`: two nodes with their operators, through the public doors. */
async function main(): Promise<void> {
  const plan = readPlan(process.argv.slice(2))
  const folder = await mkdtemp(join(tmpdir(), 'kivuko-bench-'))
  const log = createLogger(loadConfig({ LOG_LEVEL: 'warn' }).config)
  const server = await startCountingServer(join(folder, 'postgres'), log)
  const nodes: BenchNode[] = []
  let redis: BenchRedis | undefined
  try {
    if (plan.usesRedis) redis = await startRedis()
    for (const name of ['a', 'b']) {
      nodes.push(await BenchNode.start(name, await createDatabase(server.url, `bench_${name}`), folder, redis?.url))
    }
    const [a, b] = nodes
    if (a === undefined || b === undefined) throw new Error('two nodes were to be started')
    const network = await openNetwork(a, b)
    const measuring = new Measuring(server, nodes, network)
    if (plan.history > 0) {
      await runLoad(network, 'local', 1, 1)
      await writeHistory(a.databaseUrl, plan.history)
    }
    const runs = await measuring.runs(plan)
    const idle = await measuring.idleTransactionsPerSecond()
    if (plan.showsStatements) for (const run of runs) printStatements(run)
    await checkSums(nodes)
    printReport(runs, idle)
  } finally {
    await Promise.allSettled(nodes.map((node) => node.close()))
    await redis?.close()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function startRedis(): Promise<BenchRedis> {
  const [port = 0] = await freePorts(1)
  return BenchRedis.start(port)
}

try {
  await main()
} catch (error) {
  console.error(error)
  process.exitCode = 1
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger, loadConfig } from '@kivuko/platform'
import { createDatabase } from '../connector/database.js'
import { startCountingServer } from './database-server.js'
import { Measuring } from './measuring.js'
import { openNetwork } from './network.js'
import { BenchNode } from './node.js'
import { readPlan } from './plan.js'
import { printReport, printStatements } from './report.js'
import { checkSums } from './sums.js'

/** `npm run bench:payments`: two nodes with their operators, through the public doors. */
async function main(): Promise<void> {
  const plan = readPlan(process.argv.slice(2))
  const folder = await mkdtemp(join(tmpdir(), 'kivuko-bench-'))
  const log = createLogger(loadConfig({ LOG_LEVEL: 'warn' }).config)
  const server = await startCountingServer(join(folder, 'postgres'), log)
  const nodes: BenchNode[] = []
  try {
    for (const name of ['a', 'b']) {
      nodes.push(await BenchNode.start(name, await createDatabase(server.url, `bench_${name}`), folder))
    }
    const [a, b] = nodes
    if (a === undefined || b === undefined) throw new Error('two nodes were to be started')
    const measuring = new Measuring(server, nodes, await openNetwork(a, b))
    const runs = await measuring.runs(plan)
    const idle = await measuring.idleTransactionsPerSecond()
    await checkSums(nodes)
    if (plan.showsStatements) for (const run of runs) printStatements(run)
    printReport(runs, idle)
  } finally {
    await Promise.allSettled(nodes.map((node) => node.close()))
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

try {
  await main()
} catch (error) {
  console.error(error)
  process.exitCode = 1
}

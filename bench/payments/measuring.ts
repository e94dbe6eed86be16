import { setTimeout as pause } from 'node:timers/promises'
import { databaseCpuMs } from '../connector/database-cpu.js'
import { type Measured, runLoad } from './load.js'
import type { Network } from './network.js'
import type { BenchNode } from './node.js'
import { IDLE_SECONDS, type Path, type Plan, SETTLING_SECONDS } from './plan.js'
import { readStatements, readTransactions, resetStatements, type Statement } from './statements.js'

/** One run: how fast it was, and what it cost in all processes. */
export interface Run extends Measured {
  readonly path: Path
  readonly users: number
  readonly statements: readonly Statement[]
  readonly nodesCpuMs: number
  readonly databaseCpuMs: number
}

export interface DatabaseServer {
  readonly url: string
  readonly folder: string
}

export class Measuring {
  constructor(
    private readonly server: DatabaseServer,
    private readonly nodes: readonly BenchNode[],
    private readonly network: Network,
  ) {}

  async runs(plan: Plan): Promise<Run[]> {
    const runs: Run[] = []
    for (const path of plan.paths) {
      for (const users of plan.users) {
        await runLoad(this.network, path, users, plan.warmUpSeconds)
        runs.push(await this.run(path, users, plan.seconds))
      }
    }
    return runs
  }

  async idleTransactionsPerSecond(): Promise<number> {
    // The server counts with a delay, and the last webhooks are still being settled.
    await pause(SETTLING_SECONDS * 1_000)
    const before = await readTransactions(this.server.url)
    await pause(IDLE_SECONDS * 1_000)
    return ((await readTransactions(this.server.url)) - before) / IDLE_SECONDS
  }

  private async run(path: Path, users: number, seconds: number): Promise<Run> {
    await resetStatements(this.server.url)
    const [nodesBefore, databaseBefore] = [await this.nodesCpuMs(), await this.databaseCpuMs()]
    const measured = await runLoad(this.network, path, users, seconds)
    return {
      ...measured,
      path,
      users,
      statements: await readStatements(this.server.url, this.network.sender.node.databaseUrl),
      nodesCpuMs: (await this.nodesCpuMs()) - nodesBefore,
      databaseCpuMs: (await this.databaseCpuMs()) - databaseBefore,
    }
  }

  private async nodesCpuMs(): Promise<number> {
    const used = await Promise.all(this.nodes.map((node) => node.cpuMs()))
    return used.reduce((sum, ms) => sum + ms, 0)
  }

  private async databaseCpuMs(): Promise<number> {
    return (await databaseCpuMs(this.server.folder)) ?? 0
  }
}

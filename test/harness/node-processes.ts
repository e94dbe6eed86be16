import { freePorts } from './listen.js'
import { startNodeProcess } from './node-process.js'

// A node that cannot begin, because its database has no time for it, ends; its supervisor starts it again.
const STARTS = 3

interface Running {
  close(): Promise<unknown>
  kill?(): Promise<void>
}

type Environment = Readonly<Record<string, string>>
type Open = (env: Environment) => Promise<Running>

/** The processes of one node by their roles; `undefined` opens every door. */
export class NodeProcesses {
  private readonly running = new Map<string | undefined, Running>()

  private constructor(
    private readonly environments: ReadonlyMap<string | undefined, Environment>,
    private readonly open: Open,
  ) {}

  static async start(
    env: Environment,
    processes: readonly (string | undefined)[],
    open: Open = startNodeProcess,
  ): Promise<NodeProcesses> {
    const environments = processes.map(async (roles) => [roles, await environmentOf(env, roles)] as const)
    const node = new NodeProcesses(new Map(await Promise.all(environments)), open)
    await node.startAgain()
    return node
  }

  /** Without roles: all of them at once. */
  async kill(roles?: string): Promise<void> {
    await Promise.all(
      this.named(roles).map(async (name) => {
        const running = this.running.get(name)
        if (running?.kill === undefined) throw new Error(`${name ?? 'the node'} is no process of its own that runs`)
        await running.kill()
        this.running.delete(name)
      }),
    )
  }

  /** Without roles: all that do not run. */
  async startAgain(roles?: string): Promise<void> {
    const missing = this.named(roles).filter((name) => !this.running.has(name))
    await Promise.all(missing.map(async (name) => this.running.set(name, await this.begin(name, STARTS))))
  }

  /** With these changes for this once; the next start is as the first one was. */
  async restart(changes: Environment): Promise<void> {
    await this.close()
    const again = [...this.environments].map(async ([roles, env]) => {
      this.running.set(roles, await this.open({ ...env, ...changes }))
    })
    await Promise.all(again)
  }

  async close(): Promise<void> {
    await Promise.all([...this.running.values()].map((process) => process.close()))
    this.running.clear()
  }

  private async begin(roles: string | undefined, startsLeft: number): Promise<Running> {
    try {
      return await this.open(this.environmentOf(roles))
    } catch (error) {
      if (startsLeft === 1) throw error
      return this.begin(roles, startsLeft - 1)
    }
  }

  private named(roles: string | undefined): (string | undefined)[] {
    return roles === undefined ? [...this.environments.keys()] : [roles]
  }

  private environmentOf(roles: string | undefined): Environment {
    const env = this.environments.get(roles)
    if (env === undefined) throw new Error(`the node has no process with the roles ${roles}`)
    return env
  }
}

/** A process without a door is asked at its monitoring port whether it is ready. */
async function environmentOf(env: Environment, roles: string | undefined): Promise<Environment> {
  if (roles === undefined) return env
  if (roles !== 'worker') return { ...env, ROLES: roles }
  const [port = 0] = await freePorts(1)
  return { ...env, ROLES: roles, MONITORING_PORT: `${port}` }
}

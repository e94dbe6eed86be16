import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Admin } from './admin.js'
import { Operator } from './operator.js'

const MAIN = fileURLToPath(new URL('../../../apps/node/dist/main.js', import.meta.url))
const AUDIT = fileURLToPath(new URL('../../../apps/node/dist/audit-main.js', import.meta.url))
const START_POLLS = 600
const POLL_MS = 100
const PORTS = { from: 20_000, to: 30_000 }
// Linux counts a process's time in hundredths of a second.
const TICK_MS = 10

type Environment = Readonly<Record<string, string>>

/** One whole node in a process of its own, with its operator. */
export class BenchNode {
  private constructor(
    readonly name: string,
    readonly databaseUrl: string,
    readonly admin: Admin,
    readonly operator: Operator,
    private readonly env: Environment,
    private readonly child: ChildProcess,
  ) {}

  static async start(name: string, databaseUrl: string, folder: string, redisUrl?: string): Promise<BenchNode> {
    const operator = await Operator.start()
    const env = {
      ...(await environment(name, databaseUrl, folder, operator.url)),
      ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
    }
    const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'ignore', 'inherit'] })
    const access = {
      url: `http://127.0.0.1:${env.ADMIN_PORT}/graphql`,
      secret: env.ADMIN_API_SECRET,
      tenantId: env.OPERATOR_TENANT_ID,
    }
    const node = new BenchNode(name, databaseUrl, new Admin(access), operator, env, child)
    operator.serves(node.admin)
    await node.answers()
    return node
  }

  get ilpAddress(): string {
    return `test.${this.name}`
  }

  get connectorUrl(): string {
    return `http://127.0.0.1:${this.env.CONNECTOR_PORT}`
  }

  get openPaymentsUrl(): string {
    return `http://127.0.0.1:${this.env.OPEN_PAYMENTS_PORT}`
  }

  /** The processor's time so far; 0 where the system does not tell. */
  async cpuMs(): Promise<number> {
    const stat = await readFile(`/proc/${this.child.pid}/stat`, 'utf8').catch(() => undefined)
    if (stat === undefined) return 0
    const [user = '0', system = '0'] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
    return (Number.parseInt(user, 10) + Number.parseInt(system, 10)) * TICK_MS
  }

  /** Fails unless the node's books are right to the unit. */
  async audit(): Promise<void> {
    const auditing = spawn(process.execPath, [AUDIT], { env: this.env, stdio: ['ignore', 'ignore', 'inherit'] })
    const code = await new Promise((ended) => auditing.once('exit', ended))
    if (code !== 0) throw new Error(`the audit of node ${this.name} ended with ${code}`)
  }

  async close(): Promise<void> {
    this.admin.close()
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = new Promise((resolve) => this.child.once('exit', resolve))
      this.child.kill('SIGTERM')
      await ended
    }
    await this.operator.close()
  }

  private async answers(): Promise<void> {
    for (let poll = 0; poll < START_POLLS; poll += 1) {
      if (this.child.exitCode !== null) throw new Error(`the node ${this.name} ended at its start`)
      const answer = await fetch(`${this.openPaymentsUrl}/healthz`).catch(() => undefined)
      if (answer?.ok) return
      await pause(POLL_MS)
    }
    throw new Error(`the node ${this.name} does not answer at ${this.openPaymentsUrl}`)
  }
}

async function environment(name: string, databaseUrl: string, folder: string, webhookUrl: string) {
  const [admin, connector, openPayments] = await freePorts(3)
  return {
    PATH: '/usr/bin:/bin',
    NODE_ENV: 'development',
    LOG_LEVEL: 'error',
    INSTANCE_NAME: name,
    DATA_DIR: join(folder, name),
    DATABASE_URL: databaseUrl,
    BIND_HOST: '127.0.0.1',
    ADMIN_PORT: `${admin}`,
    CONNECTOR_PORT: `${connector}`,
    OPEN_PAYMENTS_PORT: `${openPayments}`,
    OPEN_PAYMENTS_URL: `http://127.0.0.1:${openPayments}`,
    ILP_ADDRESS: `test.${name}`,
    ADMIN_API_SECRET: randomBytes(32).toString('base64'),
    OPERATOR_TENANT_ID: randomUUID(),
    OPEN_PAYMENTS_DEV_TOKEN: 'development-token-of-the-benchmark',
    EXCHANGE_RATES: '{}',
    WEBHOOK_URL: webhookUrl,
  }
}

/** Below those that systems give to outgoing connections, so that none takes one before its server listens. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = randomInt(PORTS.from, PORTS.to)
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}

function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

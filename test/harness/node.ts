import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { audit, start } from '@kivuko/app-node'
import type { AuditResult } from '@kivuko/reports'
import { Admin } from './admin.js'
import { startNodeProcess } from './node-process.js'
import { NodeProcesses } from './node-processes.js'
import { ADMIN_SECRET, ilpAddressOf, nodeEnvironment, TENANT_ID, WEBHOOK_SECRET } from './node-settings.js'
import { Operator } from './operator.js'
import { type FreshDatabase, freshDatabase } from './postgres.js'

export interface NodeOptions {
  readonly name: string
  /** Environment variables over the defaults of node-settings.ts. */
  readonly env?: Readonly<Record<string, string>>
  /** True: a process of its own, from the built code, which can be killed; false: a part of the test's process. */
  readonly ownProcess?: boolean
  /** The roles of each process (a comma between two), where the node is to have several of its own. */
  readonly processes?: readonly string[]
  /** Where the node keeps its rows, instead of a database on the run's server. */
  readonly database?: FreshDatabase
}

/** A whole node with its operator: its own database, doors on free ports, an admin client. */
export interface TestNode {
  readonly name: string
  readonly ilpAddress: string
  readonly adminUrl: string
  readonly connectorUrl: string
  readonly openPaymentsUrl: string
  readonly admin: Admin
  readonly operator: Operator
  readonly database: FreshDatabase
  /** What it was started with. */
  readonly env: Readonly<Record<string, string>>
  audit(): Promise<AuditResult>
  /** Ends the node without warning, as a power cut does, or one process of it; only for processes of its own. */
  kill(roles?: string): Promise<void>
  /** Starts what was killed again, on the same ports and the same database. */
  startAgain(roles?: string): Promise<void>
  /** Closes its doors and opens it again with other settings, on the same ports and the same database. */
  restart(changes: Readonly<Record<string, string>>): Promise<void>
  /** Closes its doors, its operator and its database. */
  stop(): Promise<void>
}

/** Starts a node as apps/node does, with everything set, so that nothing comes from the machine. */
export async function startNode({ name, env: changes = {}, ...options }: NodeOptions): Promise<TestNode> {
  const operator = await Operator.start(WEBHOOK_SECRET)
  const database = options.database ?? (await freshDatabase(name))
  const dataDir = await mkdtemp(join(tmpdir(), `kivuko-${name}-`))
  const webhookUrl = operator.webhookUrl
  const env = await nodeEnvironment({ name, databaseUrl: database.url, dataDir, webhookUrl, env: changes })
  const processes = await startProcesses(env, options)
  const url = (port: string | undefined) => `http://127.0.0.1:${port}`
  const adminUrl = `${url(env.ADMIN_PORT)}/graphql`
  const admin = new Admin({ url: adminUrl, secret: ADMIN_SECRET, tenantId: TENANT_ID })
  operator.serves(admin)
  return {
    name,
    ilpAddress: ilpAddressOf(name),
    adminUrl,
    connectorUrl: url(env.CONNECTOR_PORT),
    openPaymentsUrl: env.OPEN_PAYMENTS_URL ?? url(env.OPEN_PAYMENTS_PORT),
    admin,
    operator,
    database,
    env,
    audit: () => audit(env),
    kill: (roles) => processes.kill(roles),
    startAgain: (roles) => processes.startAgain(roles),
    restart: (changes) => processes.restart(changes),
    async stop() {
      await processes.close()
      await operator.close()
      await database.drop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

function startProcesses(env: Readonly<Record<string, string>>, options: Omit<NodeOptions, 'name' | 'env'>) {
  const { processes, ownProcess = false } = options
  if (processes !== undefined) return NodeProcesses.start(env, processes)
  return NodeProcesses.start(env, [undefined], ownProcess ? startNodeProcess : start)
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { start as startAdmin } from '@kivuko/app-admin'
import { start as startConnector } from '@kivuko/app-connector'
import { start as startOpenPayments } from '@kivuko/app-open-payments'
import { start as startWorker } from '@kivuko/app-worker'
import { loadConfig } from '@kivuko/platform'
import { AuditReport, type AuditResult } from '@kivuko/reports'
import { type Door, openRooms } from '@kivuko/rooms'
import { Admin } from './admin.js'
import { ADMIN_SECRET, ilpAddressOf, nodeEnvironment, TENANT_ID, WEBHOOK_SECRET } from './node-settings.js'
import { Operator } from './operator.js'
import { type FreshDatabase, freshDatabase } from './postgres.js'

export interface NodeOptions {
  readonly name: string
  /** Environment variables over the defaults of node-settings.ts. */
  readonly env?: Readonly<Record<string, string>>
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
  audit(): Promise<AuditResult>
  /** Closes its doors and lets go of its database; the operator hears nothing more. */
  stop(): Promise<void>
}

/** Starts a node inside the test's own process, through the same rooms and doors as apps/node. */
export async function startNode({ name, env = {} }: NodeOptions): Promise<TestNode> {
  const operator = await Operator.start(WEBHOOK_SECRET)
  const database = await freshDatabase(name)
  const dataDir = await mkdtemp(join(tmpdir(), `kivuko-${name}-`))
  const settings = { name, databaseUrl: database.url, dataDir, webhookUrl: operator.webhookUrl, env }
  const { config, secrets } = loadConfig(await nodeEnvironment(settings))
  const rooms = await openRooms(config, secrets)
  const doors: Door[] = []
  for (const open of [startConnector, startOpenPayments, startAdmin, startWorker]) doors.push(await open(rooms))
  const url = (port: number) => `http://127.0.0.1:${port}`
  const adminUrl = `${url(config.adminPort)}/graphql`
  const admin = new Admin({ url: adminUrl, secret: ADMIN_SECRET, tenantId: TENANT_ID })
  operator.serves(admin)
  return {
    name,
    ilpAddress: ilpAddressOf(name),
    adminUrl,
    connectorUrl: url(config.connectorPort),
    openPaymentsUrl: url(config.openPaymentsPort),
    admin,
    operator,
    database,
    audit: () => rooms.get(AuditReport).run(),
    async stop() {
      for (const door of doors.reverse()) await door.close()
      await rooms.close()
      await operator.close()
      await database.drop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

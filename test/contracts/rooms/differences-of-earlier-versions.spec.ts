import { randomUUID } from 'node:crypto'
import { PostgresLedger } from '@kivuko/accounting'
import { createDataSource, type DataSource, migrate, SystemClock } from '@kivuko/platform'
import { AuditReport } from '@kivuko/reports'
import { roomsMigrations } from '@kivuko/rooms'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../harness/postgres.js'
import { quietLog } from '../ledger/adapters.js'
import { OPERATOR } from './rooms-process.js'

// The first step that earlier versions did not have.
const FIRST_NEW_STEP = '0210'

let database: FreshDatabase
let dataSource: DataSource
const [usd, alice, bob, payment] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]

/** A database as the version before left it, brought up to date. */
beforeAll(async () => {
  database = await freshDatabase('earlier')
  await database.query('drop schema public cascade')
  await database.query('create schema public')
  dataSource = createDataSource({
    ...{ url: database.url, poolSize: 2, applicationName: 'earlier', entities: [] },
    onPoolError: (error) => console.error(error),
  })
  await dataSource.initialize()
  await migrate(
    dataSource,
    roomsMigrations.filter(({ id }) => id < FIRST_NEW_STEP),
  )
  await database.query("insert into tenants (id, api_secret, webhook_secret) values ($1, '', '')", [OPERATOR])
  await database.query("insert into assets (id, tenant_id, code, scale) values ($1, $2, 'USD', 2)", [usd, OPERATOR])
  for (const [id, name] of [
    [alice, 'alice'],
    [bob, 'bob'],
  ]) {
    await database.query(
      `insert into peers (id, tenant_id, asset_id, name, static_ilp_address, routes, outgoing_endpoint, outgoing_token)
       values ($1, $2, $3, $4, 'test.' || $4, '{}', '', '')`,
      [id, OPERATOR, usd, name],
    )
    await database.query("insert into ledger_accounts (id, ledger, code, limit_on) values ($1, 1, 3, 'none')", [id])
  }
})
afterAll(async () => {
  await dataSource?.destroy()
  await database?.drop()
})

async function packetOf(state: string, daysAgo: number): Promise<string> {
  const id = randomUUID()
  await database.query(
    `insert into ledger_transfers (id, debit_account, credit_account, amount, code, created_at, timeout_seconds, expires_at, state)
     select $1, debit.no, credit.no, 10, 1, at, 60, at, $2
     from ledger_accounts debit, ledger_accounts credit, (select now() - $3 * interval '1 day' as at) moment
     where debit.id = $4 and credit.id = $5`,
    [id, state, daysAgo, alice, bob],
  )
  return id
}

async function noteUnresolved(packetId: string, paymentId?: string): Promise<void> {
  const columns = 'ledger_id, tenant_id, source_peer_id, payment_id, peer_id, amount, noted_at'
  await database.query(
    `insert into unresolved_packets (${columns}) values ($1, $2, $3, $4, $5, 10, now() - interval '1 day')`,
    [...[packetId, OPERATOR, paymentId === undefined ? alice : null, paymentId ?? null, bob]],
  )
}

it('packets that earlier versions noted stay listed, and those that they had stopped to list do not come back', async () => {
  const [released, rejected, doubtful] = [
    await packetOf('expired', 1),
    await packetOf('voided', 1),
    await packetOf('posted', 1),
  ]
  for (const packetId of [released, rejected]) await noteUnresolved(packetId)
  await noteUnresolved(doubtful, payment)
  const recent = await packetOf('expired', 80)
  await packetOf('expired', 100)
  await migrate(dataSource, roomsMigrations)
  const clock = new SystemClock()
  const ledger = new PostgresLedger({ url: database.url, clock, log: quietLog, timeoutMs: 20_000 })
  try {
    const { differences } = await new AuditReport(dataSource, ledger, clock, 1).run()
    const listed = differences.packets.map(({ packetId, kind, peer, amount }) => ({ packetId, kind, peer, amount }))
    expect(listed).toHaveLength(3)
    expect(listed).toEqual(
      expect.arrayContaining([
        { packetId: released, kind: 'unanswered', peer: 'bob', amount: 10n },
        { packetId: doubtful, kind: 'doubtful', peer: 'bob', amount: 10n },
        { packetId: recent, kind: 'abandoned', peer: 'bob', amount: 10n },
      ]),
    )
  } finally {
    await ledger.close()
  }
})

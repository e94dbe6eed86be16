import { randomUUID } from 'node:crypto'
import { ChangeFeed, createDataSource, createLogger, type DataSource, loadConfig, SystemClock } from '@kivuko/platform'
import { TenantsService, tenantsEntities } from '@kivuko/tenants'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ADMIN_SECRET, nodeEnvironment, TENANT_ID } from '../../harness/node-settings.js'
import { type FreshDatabase, freshDatabase } from '../../harness/postgres.js'
import { INSERT_TENANT, sealedTenant } from '../../harness/tenants.js'
import { waitFor } from '../../harness/wait-for.js'

const log = createLogger({ logLevel: 'silent', instanceName: 'test' })
let database: FreshDatabase
let dataSource: DataSource
let feed: ChangeFeed

beforeEach(async () => {
  database = await freshDatabase('tenants')
  dataSource = createDataSource({
    url: database.url,
    poolSize: 2,
    applicationName: 'test',
    entities: tenantsEntities,
    onPoolError: () => undefined,
  })
  await dataSource.initialize()
  feed = new ChangeFeed({ url: database.url, maxSilenceMs: 5_000, clock: new SystemClock(), log })
  await feed.start()
})
afterEach(async () => {
  await feed.close()
  await dataSource.destroy()
  await database.drop()
})

async function startTenants(env: Record<string, string> = {}): Promise<TenantsService> {
  const settings = { name: 'a', databaseUrl: database.url, dataDir: '.', webhookUrl: 'http://bank.example/hooks', env }
  const { config, secrets } = loadConfig(await nodeEnvironment(settings))
  const tenants = new TenantsService(dataSource, feed, config, secrets)
  await tenants.start()
  return tenants
}

describe('the tenants', () => {
  it('have their operator from the first start on, with the secret of the configuration and none in the database', async () => {
    await startTenants()
    const tenants = await startTenants()
    expect(await tenants.get(TENANT_ID)).toMatchObject({ id: TENANT_ID, apiSecret: ADMIN_SECRET })
    expect(await tenants.settings(TENANT_ID)).toMatchObject({
      ilpAddress: 'test.a',
      webhookUrl: 'http://bank.example/hooks',
    })
    expect(await database.query('select id, operator, api_secret from tenants')).toEqual([
      { id: TENANT_ID, operator: true, api_secret: null },
    ])
  })

  it('refuse a database that belongs to another operator', async () => {
    await startTenants()
    const other = randomUUID()
    await expect(startTenants({ OPERATOR_TENANT_ID: other })).rejects.toThrow(
      `OPERATOR_TENANT_ID: found "${other}"; expected "${TENANT_ID}", the operator this database was set up with`,
    )
  })

  it('are kept fresh: a new one, its settings, and its end', async () => {
    const tenants = await startTenants()
    const id = randomUUID()
    expect(await tenants.get(id)).toBeUndefined()
    await expect(tenants.settings(id)).rejects.toMatchObject({ kind: 'not-found', reason: 'UnknownTenant' })

    await dataSource.transaction(async (db) => {
      await db.query(INSERT_TENANT, sealedTenant(id, 'a-secret'))
      await db.query("insert into tenant_settings values ($1, 'WEBHOOK_URL', 'http://shop.example')", [id])
      await feed.publish(db, 'tenants', id)
    })
    const tenant = await waitFor('the tenant', () => tenants.get(id))
    expect(tenant).toMatchObject({ apiSecret: 'a-secret', settings: { webhookUrl: 'http://shop.example' } })

    await dataSource.transaction(async (db) => {
      await db.query('update tenants set deleted_at = now() where id = $1', [id])
      await feed.publish(db, 'tenants', id)
    })
    await waitFor('its end', async () => (await tenants.get(id)) === undefined)
  })
})

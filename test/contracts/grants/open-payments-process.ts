import { randomUUID } from 'node:crypto'
import { Ledger } from '@kivuko/accounting'
import { start as startOpenPayments } from '@kivuko/app-open-payments'
import { AssetsService } from '@kivuko/assets'
import { IncomingPaymentsService } from '@kivuko/incoming-payments'
import { loadConfig } from '@kivuko/platform'
import { QuotesService } from '@kivuko/quotes'
import { openRooms } from '@kivuko/rooms'
import { WalletAddressesService } from '@kivuko/wallet-addresses'
import { AuthorizationServer, type TokenWorth } from '../../harness/authorization-server.js'
import { freePorts } from '../../harness/listen.js'
import { nodeEnvironment, TENANT_ID } from '../../harness/node-settings.js'
import { freshDatabase } from '../../harness/postgres.js'
import { insertTenant } from '../../harness/tenants.js'

export const OTHER_TENANT = 'bc293b79-8609-47bd-b914-6438b470aff8'

export const EVERYTHING = [
  { type: 'incoming-payment', actions: ['create', 'complete', 'read', 'list'] },
  { type: 'outgoing-payment', actions: ['create', 'read', 'list'] },
  { type: 'quote', actions: ['create', 'read'] },
]

/** The Open Payments door on rooms of its own, with customers of two tenants and an authorization server. */
export type OpenPaymentsDoor = Awaited<ReturnType<typeof openDoor>>

export async function openDoor(changes: Record<string, string> = {}) {
  const database = await freshDatabase('door')
  await insertTenant(database, OTHER_TENANT)
  const authorizationServer = await AuthorizationServer.start()
  const [port = 0] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  await database.query(`insert into tenant_settings (tenant_id, key, value) values ($1, 'WALLET_ADDRESS_URL', $2)`, [
    OTHER_TENANT,
    `${url}/other`,
  ])
  const env = await nodeEnvironment({
    name: 'door',
    databaseUrl: database.url,
    dataDir: '/nowhere',
    webhookUrl: 'http://127.0.0.1:9',
    env: { OPEN_PAYMENTS_PORT: `${port}`, OPEN_PAYMENTS_URL: url, ...authorizationServer.settings, ...changes },
  })
  const { config, secrets } = loadConfig(env)
  const rooms = await openRooms(config, secrets)
  const door = await startOpenPayments(rooms)
  const customer = async (tenantId: string, path: string) => {
    const asset = await rooms.get(AssetsService).create({ tenantId, code: 'USD', scale: 2 })
    await rooms
      .get(AssetsService)
      .depositLiquidity({ tenantId, assetId: asset.id, id: randomUUID(), amount: 1_000_000n })
    const wallet = (address: string) =>
      rooms.get(WalletAddressesService).create({ tenantId, address: `${url}${address}`, assetId: asset.id })
    return { mine: await wallet(path), neighbours: await wallet(`${path}-neighbour`) }
  }
  return {
    authorizationServer,
    url,
    /** Base of a tenant's resources. */
    base: (tenantId = TENANT_ID) => `${url}/${tenantId}`,
    alice: await customer(TENANT_ID, '/alice'),
    olga: await customer(OTHER_TENANT, '/other/olga'),
    incomingPayments: rooms.get(IncomingPaymentsService),
    quotes: rooms.get(QuotesService),
    ledger: rooms.get(Ledger),
    database,
    /** A token that this tenant's clients may be given. */
    issue: (worth: Omit<TokenWorth, 'access'> & Partial<TokenWorth>, tenantId = TENANT_ID) =>
      authorizationServer.issue({ access: EVERYTHING, iss: `${authorizationServer.grantUrl}/${tenantId}`, ...worth }),
    async close() {
      await door.close()
      await rooms.close()
      await authorizationServer.close()
      await database.drop()
    },
  }
}

import { AccountingModule, accountingMigrations, Ledger } from '@kivuko/accounting'
import { AssetsModule, AssetsService, assetsEntities, assetsMigrations, WithdrawalsService } from '@kivuko/assets'
import { LiquidityWatch, PeeringModule, PeersService, peeringEntities, peeringMigrations } from '@kivuko/peering'
import { ChangeFeed, DataSource, loadConfig, openPlatform, PlatformModule } from '@kivuko/platform'
import { TenantsModule, tenantsEntities, tenantsMigrations } from '@kivuko/tenants'
import {
  WalletAddressesModule,
  WalletAddressesService,
  walletAddressesEntities,
  walletAddressesMigrations,
} from '@kivuko/wallet-addresses'
import { WebhooksService, webhooksEntities, webhooksMigrations } from '@kivuko/webhooks'
import { NestFactory } from '@nestjs/core'
import { nodeEnvironment, TENANT_ID } from '../../harness/node-settings.js'
import { type FreshDatabase, freshDatabase } from '../../harness/postgres.js'
import { insertTenant } from '../../harness/tenants.js'

export const OPERATOR = TENANT_ID
export const OTHER_TENANT = '22222222-2222-4222-8222-222222222222'
export const DB_ENCRYPTION_SECRET = Buffer.alloc(32, 7)
export const WALLET_BASE = 'https://bank.example'

const schema = {
  entities: [
    ...tenantsEntities,
    ...assetsEntities,
    ...webhooksEntities,
    ...peeringEntities,
    ...walletAddressesEntities,
  ],
  migrations: [
    ...accountingMigrations,
    ...tenantsMigrations,
    ...assetsMigrations,
    ...webhooksMigrations,
    ...peeringMigrations,
    ...walletAddressesMigrations,
  ],
}

class TheseRooms {}
const modules = [AccountingModule, TenantsModule, AssetsModule, PeeringModule, WalletAddressesModule]

/** The rooms an operator sets up, wired as in a node: with its own connections and memory, as a process of its own has. */
export interface RoomsProcess {
  readonly dataSource: DataSource
  readonly feed: ChangeFeed
  readonly ledger: Ledger
  readonly assets: AssetsService
  readonly withdrawals: WithdrawalsService
  readonly peers: PeersService
  readonly liquidityWatch: LiquidityWatch
  readonly webhooks: WebhooksService
  readonly walletAddresses: WalletAddressesService
  close(): Promise<void>
}

export async function startRooms(
  database: FreshDatabase,
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<RoomsProcess> {
  const settings = { name: 'rooms', databaseUrl: database.url, dataDir: '/nowhere', webhookUrl: 'http://127.0.0.1:9' }
  const chosen = {
    OPEN_PAYMENTS_DEV_TOKEN: undefined,
    WALLET_ADDRESS_URL: WALLET_BASE,
    DB_ENCRYPTION_SECRET: DB_ENCRYPTION_SECRET.toString('base64'),
    ...env,
  }
  const { config, secrets } = loadConfig({ ...(await nodeEnvironment(settings)), ...chosen })
  const platform = await openPlatform(config, secrets, schema)
  const rooms = await NestFactory.createApplicationContext(
    { module: TheseRooms, imports: [PlatformModule.register(platform), ...modules] },
    { logger: false, abortOnError: false },
  )
  return {
    dataSource: rooms.get(DataSource),
    feed: rooms.get(ChangeFeed),
    ledger: rooms.get(Ledger),
    assets: rooms.get(AssetsService),
    withdrawals: rooms.get(WithdrawalsService),
    peers: rooms.get(PeersService),
    liquidityWatch: rooms.get(LiquidityWatch),
    webhooks: rooms.get(WebhooksService),
    walletAddresses: rooms.get(WalletAddressesService),
    close: () => rooms.close(),
  }
}

/** A database, a second tenant in it, and the rooms on top. */
export async function startFreshRooms(
  label: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ database: FreshDatabase; rooms: RoomsProcess }> {
  const database = await freshDatabase(label)
  await insertTenant(database, OTHER_TENANT)
  const base = [OTHER_TENANT, 'WALLET_ADDRESS_URL', 'https://other.example']
  await database.query('insert into tenant_settings (tenant_id, key, value) values ($1, $2, $3)', base)
  return { database, rooms: await startRooms(database, env) }
}

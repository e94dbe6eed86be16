import { freePorts } from './listen.js'

/** Fixed for every test node: what a client must know to talk to it. */
export const ADMIN_SECRET = 'admin-secret-of-the-tests'
export const WEBHOOK_SECRET = 'webhook-secret-of-the-tests'
export const DEV_TOKEN = 'development-token-of-the-tests'
export const TENANT_ID = '438fa74a-fa7d-4317-9ced-dde32ece1787'

/**
 * Destination units per source unit, chosen so that payments come out even: 100 USD are 91 EUR, 100 EUR are 110 USD,
 * 10000 JPY are 65 USD.
 */
export const RATES = {
  USD: { EUR: '0.91', JPY: '150', MXN: '18.5' },
  EUR: { USD: '1.1', JPY: '165' },
  JPY: { USD: '0.0065', EUR: '0.006' },
} as const

export interface NodeSettings {
  /** One letter or word, lower case: the node's ILP address is test.<name>. */
  readonly name: string
  readonly databaseUrl: string
  readonly dataDir: string
  readonly webhookUrl: string
  /** Environment variables over the defaults. */
  readonly env?: Readonly<Record<string, string>>
}

/** The environment of a test node: everything set, so that nothing comes from the machine. */
export async function nodeEnvironment(settings: NodeSettings): Promise<Record<string, string>> {
  const [admin = 0, connector = 0, openPayments = 0] = await freePorts(3)
  return {
    NODE_ENV: 'test',
    LOG_LEVEL: 'error',
    INSTANCE_NAME: settings.name,
    BIND_HOST: '127.0.0.1',
    DATA_DIR: settings.dataDir,
    DATABASE_URL: settings.databaseUrl,
    ADMIN_PORT: `${admin}`,
    CONNECTOR_PORT: `${connector}`,
    OPEN_PAYMENTS_PORT: `${openPayments}`,
    ILP_ADDRESS: ilpAddressOf(settings.name),
    ADMIN_API_SECRET: ADMIN_SECRET,
    SIGNATURE_SECRET: WEBHOOK_SECRET,
    OPERATOR_TENANT_ID: TENANT_ID,
    STREAM_SECRET: Buffer.alloc(32, settings.name).toString('base64'),
    DB_ENCRYPTION_SECRET: Buffer.alloc(32, 7).toString('base64'),
    PRIVATE_KEY: privateKeyOf(settings.name),
    OPEN_PAYMENTS_DEV_TOKEN: DEV_TOKEN,
    // Webhook listeners of tenants are on this machine.
    TENANT_URLS_ALLOW_INTERNAL: 'true',
    EXCHANGE_RATES: JSON.stringify(RATES),
    WEBHOOK_URL: settings.webhookUrl,
    ...settings.env,
  }
}

/** An Ed25519 key made of the node's name: RFC 8410's frame around 32 bytes. */
function privateKeyOf(name: string): string {
  return Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, name)]).toString(
    'base64',
  )
}

export function ilpAddressOf(name: string): string {
  return `test.${name}`
}

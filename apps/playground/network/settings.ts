import { join } from 'node:path'
import type { BankSettings } from '../bank/settings.js'
import type { Institution } from './institution.js'

export type Environment = Readonly<Record<string, string | undefined>>

/** The one token of the development setting, shared by the two nodes until they have an authorization server. */
export const DEV_TOKEN = 'playground-token'

// What a process needs of its surroundings; everything else (DATABASE_URL, ROLES, …) would be somebody else's.
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'USER', 'LOGNAME', 'LD_LIBRARY_PATH']

export function passedOn(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const value = environment[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** The node's configuration, in the names an operator would use. */
export function nodeEnvironment(institution: Institution): Record<string, string> {
  return {
    NODE_ENV: 'development',
    LOG_LEVEL: 'info',
    INSTANCE_NAME: institution.slug,
    DATA_DIR: join(institution.folder, 'node'),
    BIND_HOST: '127.0.0.1',
    ADMIN_PORT: new URL(institution.adminUrl).port,
    CONNECTOR_PORT: new URL(institution.connectorUrl).port,
    OPEN_PAYMENTS_PORT: new URL(institution.openPaymentsUrl).port,
    OPEN_PAYMENTS_URL: institution.openPaymentsUrl,
    ILP_ADDRESS: institution.ilpAddress,
    ILP_CONNECTOR_URL: institution.connectorUrl,
    OPERATOR_TENANT_ID: institution.tenantId,
    ADMIN_API_SECRET: institution.adminSecret,
    SIGNATURE_SECRET: institution.webhookSecret,
    WEBHOOK_URL: `${institution.bankUrl}/webhooks`,
    EXCHANGE_RATES_URL: `${institution.bankUrl}/rates`,
    // The two banks publish the same table, so the rate at delivery is the rate of the quote.
    SLIPPAGE: '0',
    OPEN_PAYMENTS_DEV_TOKEN: DEV_TOKEN,
  }
}

/** What the sample bank is told. The node's admin API is all it knows of the node. */
export function bankSettings(institution: Institution): BankSettings {
  const { name, bankUrl, openPaymentsUrl, adminUrl, adminSecret, tenantId, webhookSecret } = institution
  return {
    name,
    host: '127.0.0.1',
    port: Number(new URL(bankUrl).port),
    walletAddressBase: openPaymentsUrl,
    webhookSecret,
    admin: { url: adminUrl, secret: adminSecret, tenantId },
  }
}

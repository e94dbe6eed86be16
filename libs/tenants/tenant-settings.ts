import type { Config } from '@kivuko/platform'
import type { TenantSettingKey } from './setting-keys.js'
import type { TenantSettings } from './tenant.js'

/** The node's settings that hold for a tenant which has no own ones. */
export type NodeSettings = Pick<
  Config,
  | 'ilpAddress'
  | 'webhookUrl'
  | 'webhookTimeoutMs'
  | 'webhookMaxRetry'
  | 'exchangeRatesUrl'
  | 'walletAddressUrl'
  | 'operatorTenantId'
>

/** Below which a tenant's addresses lie: packets find their tenant by it, and peers route it with the node's own. */
export function ilpAddressOf(
  tenantId: string,
  { ilpAddress, operatorTenantId }: Pick<Config, 'ilpAddress' | 'operatorTenantId'>,
): string {
  return tenantId === operatorTenantId ? ilpAddress : `${ilpAddress}.${tenantId}`
}

/** A tenant's own settings, by Rafiki's keys, over the node's. ILP addresses are the node's to give. */
export function settle(
  tenantId: string,
  own: ReadonlyMap<TenantSettingKey, string>,
  node: NodeSettings,
): TenantSettings {
  const isOperator = tenantId === node.operatorTenantId
  return {
    ilpAddress: ilpAddressOf(tenantId, node),
    webhookUrl: own.get('WEBHOOK_URL') ?? node.webhookUrl,
    hasOwnWebhookUrl: own.has('WEBHOOK_URL'),
    webhookTimeoutMs: wholeOf(own.get('WEBHOOK_TIMEOUT')) ?? node.webhookTimeoutMs,
    webhookMaxRetry: wholeOf(own.get('WEBHOOK_MAX_RETRY')) ?? node.webhookMaxRetry,
    exchangeRatesUrl: own.get('EXCHANGE_RATES_URL') ?? node.exchangeRatesUrl,
    walletAddressUrl: own.get('WALLET_ADDRESS_URL') ?? (isOperator ? node.walletAddressUrl : undefined),
  }
}

/** Settings are checked when they are written: a whole number is one. */
function wholeOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number.parseInt(text, 10)
}

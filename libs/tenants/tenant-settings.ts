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

/** A tenant's own settings, by Rafiki's keys, over the node's. The operator's ILP address is the node's own. */
export function settle(
  tenantId: string,
  own: ReadonlyMap<TenantSettingKey, string>,
  node: NodeSettings,
): TenantSettings {
  const isOperator = tenantId === node.operatorTenantId
  return {
    ilpAddress: own.get('ILP_ADDRESS') ?? (isOperator ? node.ilpAddress : `${node.ilpAddress}.${tenantId}`),
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

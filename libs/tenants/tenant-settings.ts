import type { Config } from '@kivuko/platform'
import type { TenantSettings } from './tenant.js'

/** The node's settings that hold for a tenant which has no own ones. */
export type NodeSettings = Pick<
  Config,
  'ilpAddress' | 'webhookUrl' | 'exchangeRatesUrl' | 'walletAddressUrl' | 'operatorTenantId'
>

/** A tenant's own settings, by Rafiki's keys, over the node's. The operator's ILP address is the node's own. */
export function settle(tenantId: string, own: ReadonlyMap<string, string>, node: NodeSettings): TenantSettings {
  const isOperator = tenantId === node.operatorTenantId
  return {
    ilpAddress: own.get('ILP_ADDRESS') ?? (isOperator ? node.ilpAddress : `${node.ilpAddress}.${tenantId}`),
    webhookUrl: own.get('WEBHOOK_URL') ?? node.webhookUrl,
    exchangeRatesUrl: own.get('EXCHANGE_RATES_URL') ?? node.exchangeRatesUrl,
    walletAddressUrl: own.get('WALLET_ADDRESS_URL') ?? (isOperator ? node.walletAddressUrl : undefined),
  }
}

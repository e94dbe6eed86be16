import type { Config, Secrets } from '@kivuko/platform'
import type { Tenant } from '@kivuko/tenants'
import type { WebhookReceiver } from './attempt.js'
import { defaultBackoff } from './backoff.js'
import type { Toward } from './deliver.js'
import type { SignatureKey } from './sign.js'

type NodeWebhooks = Pick<Config, 'signatureVersion' | 'signatureFormerSecret' | 'webhookTimeoutMs' | 'operatorTenantId'>

/**
 * Where the events of a tenant go, and what signs them: the tenant's secret for its own receiver, the operator's for the
 * one of the node. Those of a tenant that is no more are kept.
 */
export function receiverOf(
  tenant: Pick<Tenant, 'id' | 'settings' | 'webhookSecrets'> | undefined,
  node: NodeWebhooks,
  { signatureSecret }: Pick<Secrets, 'signatureSecret'>,
  nowMs: number,
  connections?: Toward,
): WebhookReceiver {
  const { signatureVersion: version, signatureFormerSecret } = node
  const operatorsKey = { secret: signatureSecret, formerSecret: signatureFormerSecret, version }
  if (tenant === undefined) return { timeoutMs: node.webhookTimeoutMs, backoff: defaultBackoff(), key: operatorsKey }
  const { webhookUrl: url, webhookTimeoutMs: timeoutMs, webhookMaxRetry, hasOwnWebhookUrl } = tenant.settings
  const isOperators = tenant.id === node.operatorTenantId || !hasOwnWebhookUrl
  const key = isOperators ? operatorsKey : tenantsKey(tenant, version, nowMs)
  return { url, timeoutMs, backoff: defaultBackoff(webhookMaxRetry), key, ...(!isOperators && { connections }) }
}

function tenantsKey({ webhookSecrets }: Pick<Tenant, 'webhookSecrets'>, version: number, nowMs: number): SignatureKey {
  const { current: secret, former } = webhookSecrets
  const isFormerValid = former !== undefined && former.until.getTime() > nowMs
  return { secret, version, ...(isFormerValid && { formerSecret: former.secret }) }
}

/** No delivery takes longer than this. */
export function longestTimeoutMs(tenants: Iterable<Pick<Tenant, 'settings'>>, nodeTimeoutMs: number): number {
  let longestMs = nodeTimeoutMs
  for (const { settings } of tenants) longestMs = Math.max(longestMs, settings.webhookTimeoutMs)
  return longestMs
}

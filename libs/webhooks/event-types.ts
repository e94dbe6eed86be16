/** Rafiki's event types, as far as this node has the thing they tell about; and liquidity that is back. */
export const webhookTypes = [
  'incoming_payment.created',
  'incoming_payment.completed',
  'incoming_payment.expired',
  'outgoing_payment.created',
  'outgoing_payment.completed',
  'outgoing_payment.failed',
  'outgoing_payment.cancelled',
  'wallet_address.not_found',
  'wallet_address.web_monetization',
  'asset.liquidity_low',
  'asset.liquidity_high',
  'peer.liquidity_low',
  'peer.liquidity_high',
] as const

export type WebhookType = (typeof webhookTypes)[number]

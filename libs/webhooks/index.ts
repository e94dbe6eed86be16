import { WebhookEvent } from './webhook-event.entity.js'

export type { WebhookReceiver } from './attempt.js'
export { type Backoff, defaultBackoff } from './backoff.js'
export { deliver } from './deliver.js'
export { type WebhookType, webhookTypes } from './event-types.js'
export type { NewEvent } from './new-event.js'
export type { ReplaySelection } from './replay.queries.js'
export { WebhookDelivery, type WebhookDeliveryOptions } from './webhook-delivery.js'
export { WebhookEvent, type WebhookState, webhookStates } from './webhook-event.entity.js'
export { webhooksMigrations } from './webhooks.migrations.js'
export { WebhooksModule } from './webhooks.module.js'
export { WEBHOOKS_QUEUE, type WebhookFilter, type WebhookNotice, WebhooksService } from './webhooks.service.js'

export const webhooksEntities = [WebhookEvent] as const

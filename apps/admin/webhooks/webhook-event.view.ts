import type { WebhookEvent } from '@kivuko/webhooks'

/** GraphQL's WebhookEvent, and its tenant. */
export function webhookEventView(event: WebhookEvent) {
  const { id, tenantId, type, data, state, attempts, statusCode, lastError, createdAt, deliveredAt, dueAt } = event
  return {
    ...{ id, tenantId, type, data, state, attempts, statusCode, lastError },
    createdAt: createdAt.toISOString(),
    deliveredAt: deliveredAt?.toISOString() ?? null,
    nextAttemptAt: state === 'PENDING' ? dueAt.toISOString() : null,
  }
}

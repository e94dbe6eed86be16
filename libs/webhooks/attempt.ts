import type { Clock, Logger } from '@kivuko/platform'
import { type Backoff, retryWaitMs } from './backoff.js'
import type { DeliveryOutcome, deliver, Toward } from './deliver.js'
import { type SignatureKey, signedMessage } from './sign.js'
import type { ClaimedEvent, Settlement } from './webhook-events.queries.js'

/** Where a tenant's events go; without a URL they are kept. */
export interface WebhookReceiver {
  readonly url?: string | undefined
  readonly timeoutMs: number
  readonly backoff: Backoff
  readonly key: SignatureKey
  /** Where a tenant chose the URL, and not the operator. */
  readonly connections?: Toward
}

export interface AttemptOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly receiverOf: (tenantId: string) => Promise<WebhookReceiver>
  readonly send: typeof deliver
  /** Counts how deliveries ended: delivered, failed, dead, kept. */
  readonly deliveries: { inc(labels: { readonly outcome: string }): void }
  /** In [0, 1): spreads the retries. */
  readonly random: () => number
}

/** Delivers a claimed event once and says what becomes of it. `kept`: its tenant has no webhook URL. */
export async function attemptDelivery(
  options: AttemptOptions,
  event: ClaimedEvent,
): Promise<Settlement & { readonly kept?: true }> {
  const receiver = await options.receiverOf(event.tenantId)
  if (!receiver.url) {
    options.deliveries.inc({ outcome: 'kept' })
    return { ...kept(event, options.clock), kept: true }
  }
  const { url, key, timeoutMs, connections, backoff } = receiver
  const message = signedMessage(event, key, options.clock.nowMs())
  return judge(options, event, backoff, await options.send(url, message, timeoutMs, connections))
}

function kept({ id, lease, attempts }: ClaimedEvent, clock: Clock): Settlement {
  const problem = 'kept: no webhook URL is set (WEBHOOK_URL, or the setting of the tenant)'
  return { id, lease, state: 'PENDING', attempts: attempts - 1, dueAt: clock.now(), outcome: { problem } }
}

function judge(
  { clock, logger, random, deliveries }: AttemptOptions,
  { id, lease, type, tenantId, attempts }: ClaimedEvent,
  backoff: Backoff,
  outcome: DeliveryOutcome,
): Settlement {
  const settlement = { id, lease, attempts, outcome, dueAt: clock.now() }
  const { problem } = outcome
  if (problem === undefined) {
    deliveries.inc({ outcome: 'delivered' })
    return { ...settlement, state: 'DELIVERED' }
  }
  if (attempts > backoff.maxRetry) {
    deliveries.inc({ outcome: 'dead' })
    logger.error(
      { eventId: id, type, tenantId, attempts, problem },
      'webhook event is dead: replay it when the receiver is well',
    )
    return { ...settlement, state: 'DEAD' }
  }
  deliveries.inc({ outcome: 'failed' })
  const waitMs = retryWaitMs(backoff, attempts, random())
  logger.warn({ eventId: id, type, tenantId, attempts, waitMs, problem }, 'webhook event is not delivered yet')
  return { ...settlement, state: 'PENDING', dueAt: new Date(clock.nowMs() + waitMs) }
}

import { ManualClock } from '@kivuko/platform'
import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { type AttemptOptions, attemptDelivery, type WebhookReceiver } from './attempt.js'
import type { DeliveryOutcome } from './deliver.js'

const NOW_MS = 1_700_000_000_000
const EVENT = {
  resource: 'x',
  id: '00000000-0000-4000-8000-00000000000a',
  tenantId: '00000000-0000-4000-8000-000000000001',
  type: 'outgoing_payment.created',
  data: { id: 'x' },
  attempts: 1,
  lease: '00000000-0000-4000-8000-00000000000b',
}
const RECEIVER: WebhookReceiver = {
  url: 'http://bank.test/webhooks',
  timeoutMs: 2_000,
  backoff: { firstWaitMs: 1_000, longestWaitMs: 10_000, maxRetry: 2 },
  key: { secret: 'secret', version: 1 },
}

function options(
  outcome: DeliveryOutcome,
  receiver = RECEIVER,
): AttemptOptions & { sent: string[]; counted: string[] } {
  const sent: string[] = []
  const counted: string[] = []
  return {
    clock: new ManualClock(NOW_MS),
    logger: pino({ level: 'silent' }),
    receiverOf: async () => receiver,
    random: () => 0,
    deliveries: { inc: ({ outcome }) => void counted.push(outcome) },
    counted,
    send: async (url, message, timeoutMs) => {
      sent.push(`${url} ${timeoutMs} ${message.body}`)
      return outcome
    },
    sent,
  }
}

describe('attemptDelivery', () => {
  it('sends the signed event to the tenant’s receiver within its timeout', async () => {
    const used = options({ statusCode: 204 })
    await attemptDelivery(used, EVENT)
    expect(used.sent).toEqual([
      'http://bank.test/webhooks 2000 {"data":{"id":"x"},"id":"00000000-0000-4000-8000-00000000000a","type":"outgoing_payment.created"}',
    ])
  })

  it('is delivered when the receiver took it', async () => {
    const used = options({ statusCode: 200 })
    const settlement = await attemptDelivery(used, EVENT)
    expect(settlement).toMatchObject({ id: EVENT.id, lease: EVENT.lease, state: 'DELIVERED', attempts: 1 })
    expect(used.counted).toEqual(['delivered'])
  })

  it('waits for its next attempt when the receiver failed', async () => {
    const outcome = { statusCode: 500, problem: 'status 500' }
    const settlement = await attemptDelivery(options(outcome), { ...EVENT, attempts: 2 })
    expect(settlement).toMatchObject({ state: 'PENDING', attempts: 2, outcome, dueAt: new Date(NOW_MS + 2_000) })
  })

  it('is dead after the last retry failed', async () => {
    const settlement = await attemptDelivery(options({ problem: 'refused' }), { ...EVENT, attempts: 3 })
    expect(settlement).toMatchObject({ state: 'DEAD', attempts: 3 })
  })

  it('keeps an event without a receiver, and does not count the attempt', async () => {
    const used = options({ statusCode: 200 }, { ...RECEIVER, url: undefined })
    const settlement = await attemptDelivery(used, { ...EVENT, attempts: 3 })
    expect(settlement).toMatchObject({ state: 'PENDING', attempts: 2, kept: true })
    expect(settlement.outcome.problem).toContain('WEBHOOK_URL')
    expect(used.sent).toEqual([])
  })
})

import type { NewEvent, WebhooksService } from '@kivuko/webhooks'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { waitFor } from '../harness/wait-for.js'
import { deliverAll, LEASE_MS, TENANT, WebhookDesk } from './webhook-desk.js'

let desk: WebhookDesk

beforeEach(async () => {
  desk = await WebhookDesk.open()
})
afterEach(() => desk.close())

function prepared(webhooks: WebhooksService, resource: string, number = 1): NewEvent {
  return webhooks.prepare({ tenantId: TENANT, type: 'outgoing_payment.created', resource, data: { resource, number } })
}

/** As a room does it. True: the event is delivered by who wrote it. */
async function tell(webhooks: WebhooksService, event: NewEvent): Promise<boolean> {
  const isOurs = await webhooks.write(desk.dataSource.manager, event)
  await webhooks.deliver(event, isOurs)
  return isOurs
}

describe('webhook events that their writer delivers', () => {
  it('need no bell and no look, and keep the order of their resource', async () => {
    const { delivery, webhooks } = desk.worker()
    webhooks.startDelivering()
    let answer = () => {}
    const answered = new Promise<void>((resume) => {
      answer = resume
    })
    desk.bank.answer = () => answered.then(() => 200)
    expect(await tell(webhooks, prepared(webhooks, 'payment', 1))).toBe(true)
    await waitFor('the first event', () => desk.bank.received.length === 1)
    expect(await tell(webhooks, prepared(webhooks, 'payment', 2))).toBe(false)
    answer()
    await waitFor('both events', () => desk.bank.numbers('payment').length === 2)
    await delivery.settled()
    expect(desk.bank.numbers('payment')).toEqual([1, 2])
    expect(desk.bell.rings).toBe(0)
    const { rows } = await webhooks.list(TENANT)
    expect(rows.map(({ state, attempts, lease }) => ({ state, attempts, lease }))).toEqual(
      Array.from({ length: 2 }, () => ({ state: 'DELIVERED', attempts: 1, lease: null })),
    )
  })

  it('are written down with the next one of their resource, or soon without it', async () => {
    const { delivery, webhooks } = desk.worker({ gatherMs: 600_000 })
    webhooks.startDelivering()
    await tell(webhooks, prepared(webhooks, 'payment', 1))
    await waitFor('the first to be delivered', () => prepared(webhooks, 'payment').done !== undefined)
    expect(await tell(webhooks, prepared(webhooks, 'payment', 2))).toBe(true)
    await waitFor('the second to be delivered', () => prepared(webhooks, 'payment').done !== undefined)
    // A transaction that is rolled back writes nothing down.
    const failed = desk.dataSource.transaction(async (db) => {
      await webhooks.write(db, prepared(webhooks, 'payment', 3))
      throw new Error('the cause failed')
    })
    await expect(failed).rejects.toThrow('the cause failed')
    await delivery.settled()
    expect(desk.bank.numbers('payment')).toEqual([1, 2])
    const states = (await webhooks.list(TENANT)).rows.map(({ state, lease }) => ({ state, lease }))
    expect(states).toEqual(Array.from({ length: 2 }, () => ({ state: 'DELIVERED', lease: null })))
  })

  it('come back when its lease ends, where it did not deliver them', async () => {
    const { webhooks } = desk.worker()
    webhooks.startDelivering()
    expect(await webhooks.write(desk.dataSource.manager, prepared(webhooks, 'payment'))).toBe(true)
    const { delivery: other } = desk.worker()
    await deliverAll(other)
    expect(desk.bank.received).toHaveLength(0)
    desk.clock.advance(LEASE_MS)
    await deliverAll(other)
    expect(desk.bank.numbers('payment')).toEqual([1])
  })

  it('are rung for where nothing is delivered, or no place is free', async () => {
    const { delivery, webhooks } = desk.worker()
    await tell(webhooks, prepared(webhooks, 'rung'))
    expect(desk.bell.rings).toBe(1)
    await deliverAll(delivery)
    desk.bank.answer = () => undefined
    webhooks.startDelivering()
    for (let number = 0; number < 40; number += 1) await tell(webhooks, prepared(webhooks, `payment-${number}`))
    await waitFor('every place to be taken', () => desk.bank.received.length === 33)
    expect(desk.bell.rings).toBe(9)
    desk.bank.answer = () => 200
    desk.bank.hangUp()
    await waitFor('the others', () => new Set(desk.bank.received.map(({ data }) => data.resource)).size === 41)
    await delivery.settled()
  })
})

import { randomUUID } from 'node:crypto'
import { type DataSource, type ManualClock } from '@kivuko/platform'
import { WebhookDelivery, type WebhookReceiver, WebhooksService } from '@kivuko/webhooks'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { waitFor } from '../harness/wait-for.js'
import type { WebhookListener } from '../harness/webhook-listener.js'
import {
  type CountingBell,
  deliverAll,
  LEASE_MS,
  OTHER_TENANT,
  receiver,
  START_MS,
  TENANT,
  WebhookDesk,
} from './webhook-desk.js'

let desk: WebhookDesk
let dataSource: DataSource
let clock: ManualClock
let bank: WebhookListener
let otherBank: WebhookListener
let bell: CountingBell
let receivers: Map<string, WebhookReceiver>
let statements: string[]

beforeEach(async () => {
  desk = await WebhookDesk.open()
  ;({ dataSource, clock, bank, otherBank, bell, receivers } = desk)
  statements = []
})
afterEach(() => desk.close())

function worker(): { delivery: WebhookDelivery; webhooks: WebhooksService } {
  return desk.worker()
}

async function write(webhooks: WebhooksService, resource: string, numbers: readonly number[], tenantId = TENANT) {
  const ids: string[] = []
  for (const number of numbers) {
    const notice = { tenantId, type: 'outgoing_payment.created' as const, resource, data: { resource, number } }
    ids.push(await webhooks.record(dataSource.manager, notice))
  }
  return ids
}

describe('webhooks', () => {
  it('exist exactly if the transaction that causes them commits', async () => {
    const { delivery, webhooks } = worker()
    const notice = {
      tenantId: TENANT,
      type: 'peer.liquidity_low' as const,
      resource: 'peer',
      data: { resource: 'peer' },
    }
    const failed = dataSource.transaction(async (db) => {
      await webhooks.record(db, { ...notice, data: { ...notice.data, number: 1 } })
      throw new Error('the cause failed')
    })
    await expect(failed).rejects.toThrow('the cause failed')
    await dataSource.transaction((db) => webhooks.record(db, { ...notice, data: { ...notice.data, number: 2 } }))
    await deliverAll(delivery)
    expect(bank.numbers('peer')).toEqual([2])
  })

  it('write bigints as strings and repeat nothing for a repeated id', async () => {
    const { delivery, webhooks } = worker()
    const id = randomUUID()
    const notice = { id, tenantId: TENANT, type: 'asset.liquidity_low' as const, resource: 'asset' }
    await webhooks.record(dataSource.manager, { ...notice, data: { balance: 18446744073709551615n } })
    await webhooks.record(dataSource.manager, { ...notice, data: { balance: 1n } })
    await deliverAll(delivery)
    expect(bank.received.map(({ id, type, data }) => ({ id, type, data }))).toEqual([
      { id, type: 'asset.liquidity_low', data: { balance: '18446744073709551615' } },
    ])
    expect(bank.received[0]?.signature).toMatch(/^t=1700000000000, v1=[0-9a-f]{64}$/)
  })

  it('arrive in order per resource and in parallel across resources', async () => {
    const { delivery, webhooks } = worker()
    const numbers = [1, 2, 3, 4, 5]
    const resources = Array.from({ length: 20 }, (_, index) => `payment-${index}`)
    for (const resource of resources) await write(webhooks, resource, numbers)
    // Nothing is answered before the first event of each resource is there: one after the other would never end.
    bank.answer = () => waitFor('one event per resource', () => bank.received.length >= resources.length && 200)
    await deliverAll(delivery)
    for (const resource of resources) expect(bank.numbers(resource)).toEqual(numbers)
  })

  it('are taken as delivered on any 2xx', async () => {
    const { delivery, webhooks } = worker()
    bank.answer = () => 202
    const [id = ''] = await write(webhooks, 'payment', [1])
    await deliverAll(delivery)
    expect(await webhooks.get(TENANT, id)).toMatchObject({
      state: 'DELIVERED',
      attempts: 1,
      statusCode: 202,
      lease: null,
    })
  })

  it('hold back later events of their own resource only, until delivered', async () => {
    const { delivery, webhooks } = worker()
    bank.answer = ({ data }) => (data.resource === 'failing' && data.number === 1 ? 503 : 200)
    await write(webhooks, 'failing', [1, 2])
    await write(webhooks, 'well', [1, 2])
    await deliverAll(delivery)
    expect(bank.numbers('well')).toEqual([1, 2])
    expect(bank.numbers('failing')).toEqual([1])
    bank.answer = () => 200
    clock.advance(1_000)
    await deliverAll(delivery)
    expect(bank.numbers('failing')).toEqual([1, 1, 2])
  })

  it('are retried with growing waits, then dead and visible; the next of the resource goes on', async () => {
    const { delivery, webhooks } = worker()
    bank.answer = ({ data }) => (data.number === 1 ? 500 : 200)
    const [id = ''] = await write(webhooks, 'payment', [1, 2])
    for (const waitMs of [0, 1_000, 2_000, 4_000]) {
      clock.advance(waitMs - 1)
      await deliverAll(delivery)
      const before = bank.received.length
      clock.advance(1)
      await deliverAll(delivery)
      expect(bank.received.length).toBeGreaterThan(before - 1)
    }
    expect(bank.numbers('payment')).toEqual([1, 1, 1, 1, 2])
    const dead = await webhooks.get(TENANT, id)
    expect(dead).toMatchObject({ state: 'DEAD', attempts: 4, statusCode: 500 })
    expect(dead.lastError).toMatch(/answered with status 500, expected 2xx/)
  })

  it('are replayed by id, by type and by time', async () => {
    const { delivery, webhooks } = worker()
    const [first = ''] = await write(webhooks, 'a', [1])
    clock.advance(60_000)
    await write(webhooks, 'b', [2])
    await deliverAll(delivery)
    const replays = [
      { selection: { ids: [first] }, expected: [1] },
      { selection: { types: ['outgoing_payment.created'] }, expected: [1, 2] },
      { selection: { types: ['incoming_payment.completed'] }, expected: [] },
      { selection: { from: new Date(START_MS + 1) }, expected: [2] },
      { selection: { from: new Date(START_MS), to: new Date(START_MS + 60_000) }, expected: [1] },
      { selection: { states: ['DEAD' as const] }, expected: [] },
    ]
    for (const { selection, expected } of replays) {
      bank.received.length = 0
      expect(await webhooks.replay(TENANT, selection)).toBe(expected.length)
      expect(await webhooks.replay(OTHER_TENANT, selection)).toBe(0)
      await deliverAll(delivery)
      expect(bank.received.map(({ data }) => data.number).sort()).toEqual(expected)
    }
  })

  it('of a tenant whose receiver never answers do not delay another tenant', async () => {
    const { delivery, webhooks } = worker()
    bank.answer = () => undefined
    receivers.set(TENANT, { ...receiver(bank.url), timeoutMs: 30_000 })
    for (let index = 0; index < 40; index += 1) await write(webhooks, `stuck-${index}`, [1])
    for (let index = 0; index < 50; index += 1) await write(webhooks, `payment-${index}`, [1, 2], OTHER_TENANT)
    await delivery.deliverDue()
    await waitFor('the other tenant has everything', () => otherBank.received.length === 100)
    // Not one delivery of the first tenant has ended: its share of connections is used up, and only that.
    expect(bank.received).toHaveLength(32)
    bank.answer = () => 200
    bank.hangUp()
    await delivery.settled()
    expect(bank.received).toHaveLength(40)
  })

  it('are delivered once by many workers at the same time', async () => {
    const workers = Array.from({ length: 4 }, () => worker())
    const webhooks = worker().webhooks
    for (let index = 0; index < 100; index += 1) await write(webhooks, `payment-${index}`, [1, 2])
    await Promise.all(workers.map(({ delivery }) => deliverAll(delivery)))
    await waitFor('nothing is open', async () => {
      await Promise.all(workers.map(({ delivery }) => deliverAll(delivery)))
      const [row] = await desk.database.query(
        `SELECT count(*)::int AS open FROM webhook_events WHERE state = 'PENDING'`,
      )
      // The clock stands still: an event put off behind its forerunner comes due only when it moves.
      clock.advance(1_000)
      return row?.open === 0
    })
    expect(bank.received).toHaveLength(200)
    for (let index = 0; index < 100; index += 1) expect(bank.numbers(`payment-${index}`)).toEqual([1, 2])
  })

  it('come back when their worker died, and a late outcome of the dead one changes nothing', async () => {
    const [dying, living] = [worker(), worker()]
    let letGo = () => {}
    const stuck = new Promise<void>((resume) => {
      letGo = resume
    })
    const { delivery } = desk.worker({
      send: async () => {
        await stuck
        return { statusCode: 500, problem: 'too late' }
      },
    })
    const [id = ''] = await write(dying.webhooks, 'payment', [1])
    await delivery.deliverDue()
    await deliverAll(living.delivery)
    expect(bank.received).toHaveLength(0)
    clock.advance(LEASE_MS)
    await deliverAll(living.delivery)
    expect(bank.numbers('payment')).toEqual([1])
    letGo()
    await delivery.settled()
    expect(await living.webhooks.get(TENANT, id)).toMatchObject({ state: 'DELIVERED', statusCode: 200 })
  })

  it('are kept while no receiver is set, and delivered when there is one', async () => {
    const { delivery, webhooks } = worker()
    receivers.delete(TENANT)
    const [id = ''] = await write(webhooks, 'payment', [1, 2])
    await deliverAll(delivery)
    expect(await webhooks.get(TENANT, id)).toMatchObject({ state: 'PENDING', attempts: 0 })
    receivers.set(TENANT, receiver(bank.url))
    clock.advance(60_000)
    await deliverAll(delivery)
    expect(bank.numbers('payment')).toEqual([1, 2])
  })

  it('need few statements for many events, and ring once per batch', async () => {
    const { delivery, webhooks } = worker()
    for (let index = 0; index < 100; index += 1) await write(webhooks, `payment-${index}`, [1])
    await Promise.all(Array.from({ length: 100 }, () => webhooks.ring()))
    expect(bell.rings).toBeLessThanOrEqual(2)
    const { manager } = dataSource
    const query = manager.query.bind(manager)
    manager.query = (text: string, values?: unknown[]) => {
      statements.push(text)
      return query(text, values)
    }
    await deliverAll(delivery)
    expect(bank.received).toHaveLength(100)
    expect(statements.length).toBeLessThan(50)
  })

  it('do not let a long backlog of one resource slow the others down', async () => {
    const { delivery, webhooks } = worker()
    bank.answer = ({ data }) => (data.resource === 'backlog' ? 500 : 200)
    await write(webhooks, 'backlog', [1])
    await deliverAll(delivery)
    await desk.database.query(
      `INSERT INTO webhook_events (id, tenant_id, type, data, resource_key, due_at)
       SELECT gen_random_uuid(), $1, 'peer.liquidity_low', '{"resource":"backlog","number":2}', 'backlog', $2
       FROM generate_series(1, 300)`,
      [TENANT, new Date(START_MS)],
    )
    await write(webhooks, 'payment', [1])
    await deliverAll(delivery)
    expect(bank.numbers('payment')).toEqual([1])
    expect(bank.numbers('backlog')).toEqual([1])
  })

  it('lists the events of a tenant, newest first, by type', async () => {
    const { webhooks } = worker()
    const [first = ''] = await write(webhooks, 'a', [1])
    clock.advance(1)
    const [second = ''] = await write(webhooks, 'a', [2])
    await write(webhooks, 'b', [3], OTHER_TENANT)
    const all = await webhooks.list(TENANT)
    expect(all.rows.map(({ id }) => id)).toEqual([second, first])
    expect((await webhooks.list(TENANT, { types: ['peer.liquidity_low'] })).rows).toEqual([])
    expect((await webhooks.list(TENANT, { states: ['DEAD'] })).rows).toEqual([])
    expect((await webhooks.list(undefined, { states: ['PENDING'] })).rows).toHaveLength(3)
    await expect(webhooks.get(OTHER_TENANT, first)).rejects.toMatchObject({ kind: 'not-found' })
  })

  it('are cleaned up some time after they were delivered, so many at a time; dead and open ones stay', async () => {
    const { delivery, webhooks } = worker()
    bank.answer = ({ data }) => (data.number === 3 ? 500 : 200)
    await write(webhooks, 'a', [1, 2])
    await write(webhooks, 'b', [3])
    await deliverAll(delivery)
    expect(await webhooks.cleanUp(60_000)).toBe(0)
    clock.advance(60_001)
    expect(await webhooks.cleanUp(60_000, 1)).toBe(1)
    expect(await webhooks.cleanUp(60_000, 10)).toBe(1)
    expect((await webhooks.list(TENANT)).rows.map(({ data }) => data.number)).toEqual([3])
  })
})

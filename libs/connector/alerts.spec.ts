import { ManualClock } from '@kivuko/platform'
import { expect, it } from 'vitest'
import { type Alarm, Alerts } from './alerts.js'

const alarm = (id: string, change: Partial<Alarm> = {}): Alarm => ({
  kind: 'no-liquidity-at-peer',
  account: { id, tenantId: `tenant of ${id}` },
  triggeredBy: 'test.next',
  message: 'exceeded maximum balance.',
  ...change,
})

it('keeps one of each kind for an account, with its count and times', () => {
  const clock = new ManualClock(1_000)
  const alerts = new Alerts(clock)
  alerts.raise(alarm('bob'))
  clock.advance(500)
  alerts.raise(alarm('bob', { message: 'other words' }))
  alerts.raise(alarm('bob', { kind: 'unresolved' }))
  expect(alerts.latest(undefined, 10)).toMatchObject([
    { kind: 'unresolved', count: 1 },
    { kind: 'no-liquidity-at-peer', count: 2, message: 'other words', createdAtMs: 1_000, updatedAtMs: 1_500 },
  ])
})

it('shows a tenant its own, the operator all, the latest first and so many', () => {
  const alerts = new Alerts(new ManualClock(0))
  for (const id of ['alice', 'bob']) alerts.raise(alarm(id))
  alerts.raise({ kind: 'unconfirmed', account: undefined, triggeredBy: '', message: 'no answer' })
  const accounts = (tenantId: string | undefined, limit: number) =>
    alerts.latest(tenantId, limit).map(({ account }) => account?.id)
  expect(accounts('tenant of alice', 10)).toEqual(['alice'])
  expect(accounts(undefined, 2)).toEqual([undefined, 'bob'])
})

it('can be dismissed by whom it concerns, and comes back when it happens again', () => {
  const alerts = new Alerts(new ManualClock(0))
  alerts.raise(alarm('bob'))
  const [first] = alerts.latest(undefined, 1)
  const id = first?.id ?? ''
  expect(alerts.dismiss('tenant of alice', id)).toBe(false)
  expect(alerts.dismiss('tenant of bob', id)).toBe(true)
  expect(alerts.dismiss(undefined, id)).toBe(false)
  expect(alerts.latest(undefined, 10)).toEqual([])
  alerts.raise(alarm('bob'))
  expect(alerts.latest(undefined, 10)).toMatchObject([{ count: 1 }])
})

it('holds so many, and cuts what peers write', () => {
  const alerts = new Alerts(new ManualClock(0), 2)
  for (const id of ['a', 'b']) alerts.raise(alarm(id))
  alerts.raise(alarm('a'))
  alerts.raise(alarm('c', { message: 'x'.repeat(8_191) }))
  const kept = alerts.latest(undefined, 10)
  expect(kept.map(({ account }) => account?.id)).toEqual(['c', 'a'])
  expect(kept[0]?.message).toBe('x'.repeat(200))
})

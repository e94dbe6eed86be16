import { expect, it } from 'vitest'
import type { OutgoingPayment } from './outgoing-payment.entity.js'
import { RecentPayments } from './recent-payments.js'

const EXPIRES_MS = 1_000

function payment(id: string, tenantId = 'mine'): OutgoingPayment {
  return Object.assign(Object.create(null), { id, tenantId, quote: { expiresAt: new Date(EXPIRES_MS) } })
}

it('hands a payment out once, to its tenant or the operator, until its quote expires', () => {
  const recent = new RecentPayments()
  const made = payment('a')
  recent.add(made)
  expect(recent.take('a', 'mine', 0)).toBe(made)
  expect(recent.take('a', 'mine', 0)).toBeUndefined()
  recent.add(made)
  expect(recent.take('a', 'other', 0)).toBeUndefined()
  recent.add(made)
  expect(recent.take('a', undefined, EXPIRES_MS)).toBeUndefined()
  recent.add(made)
  expect(recent.take('a', undefined, EXPIRES_MS - 1)).toBe(made)
})

it('forgets the oldest beyond its bound', () => {
  const recent = new RecentPayments()
  for (let number = 0; number <= 5_000; number += 1) recent.add(payment(`${number}`))
  expect(recent.take('0', undefined, 0)).toBeUndefined()
  expect(recent.take('1', undefined, 0)?.id).toBe('1')
})

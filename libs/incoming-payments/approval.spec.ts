import { ManualClock } from '@kivuko/platform'
import { expect, it } from 'vitest'
import { approvedByOperator } from './approval.js'
import { IncomingPayment } from './incoming-payment.entity.js'

const decided = new Date(0)

/** Reads what is said of the payment at each look, the last one ever after; every look takes a second. */
function payments(...looks: Partial<IncomingPayment>[]) {
  const clock = new ManualClock(0)
  const undecided = { approvedAt: null, cancelledAt: null }
  const read = async () => {
    clock.advance(1_000)
    const [look] = looks.length > 1 ? looks.splice(0, 1) : looks
    return Object.assign(new IncomingPayment(), undecided, look)
  }
  return approvedByOperator(read, { timeoutMs: 5_000, frequencyMs: 1 }, clock)
}

it('answers when the operator has approved', async () => {
  expect((await payments({}, {}, { approvedAt: decided })).approvedAt).toBe(decided)
})

it('refuses when the operator has cancelled, or says nothing in time', async () => {
  const refusal = { kind: 'forbidden', reason: 'ActionNotPerformed' }
  await expect(payments({}, { cancelledAt: decided })).rejects.toMatchObject(refusal)
  await expect(payments({})).rejects.toThrow('has not approved it within 5000 ms')
})

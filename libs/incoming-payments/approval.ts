import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '@kivuko/platform'
import { notApproved } from './errors.js'
import type { IncomingPayment } from './incoming-payment.entity.js'

export interface ApprovalWait {
  readonly timeoutMs: number
  readonly frequencyMs: number
}

/**
 * Waits for the operator's word on a payment that it was told of, and looks again and again, since any process may take
 * it. Throws ActionNotPerformed for a cancelled payment, and for one that nobody decided about in time; it stays undecided.
 */
export async function approvedByOperator(
  read: () => Promise<IncomingPayment>,
  { timeoutMs, frequencyMs }: ApprovalWait,
  clock: Clock,
): Promise<IncomingPayment> {
  const deadlineMs = clock.nowMs() + timeoutMs
  for (;;) {
    const payment = await read()
    if (payment.approvedAt !== null) return payment
    if (payment.cancelledAt !== null) throw notApproved('the operator has cancelled it')
    if (clock.nowMs() >= deadlineMs) throw notApproved(`the operator has not approved it within ${timeoutMs} ms`)
    await wait(frequencyMs)
  }
}

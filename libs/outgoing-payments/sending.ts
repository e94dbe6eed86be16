import type { PayError } from '@kivuko/payment-methods'
import type { Clock, DataSource, JobQueue, Logger } from '@kivuko/platform'
import { amountText } from '@kivuko/quotes'
import type { Attempted, PaymentAttempts } from './attempt.js'
import type { End, PaymentEnding } from './ending.js'
import type { Lease, Leases } from './leases.js'
import type { OutgoingPayment } from './outgoing-payment.entity.js'
import type { PaymentAccounts } from './payment-accounts.js'
import { type Postponement, postpone } from './payment-changes.queries.js'
import { type NextAttempt, nextAttempt, type RetryPolicy } from './retry.js'

/** The queue this room rings; the worker answers with `advance(id)`. */
export const OUTGOING_PAYMENTS_QUEUE = 'outgoing-payments'

// However long a quote stands and however slowly packets pass, a payment has ended by then.
const MAX_AGE_MS = 86_400_000

// A receiver that cannot be read is asked what became of packets soon, and again less and less often.
const ASK_AGAIN_FIRST_MS = 1_000
const ASK_AGAIN_LAST_MS = 30_000
const AGE_TO_WAIT = 4

/** All that was asked for has arrived, and more may have: by packets without an answer, which are still reserved. */
const UNRESOLVED: PayError = {
  reason: 'PacketsUnresolved',
  message: 'All has arrived; the receiver has not said yet what became of packets whose answers were lost',
  isRetryable: false,
}

export interface SendingParts {
  readonly dataSource: Pick<DataSource, 'manager'>
  readonly clock: Clock
  readonly jobs: Pick<JobQueue, 'ring'>
  readonly log: Logger
  readonly accounts: Pick<PaymentAccounts, 'read'>
  readonly leases: Pick<Leases, 'claim' | 'interruptAll'>
  readonly attempts: Pick<PaymentAttempts, 'make'>
  readonly ending: Pick<PaymentEnding, 'end'>
  readonly policy: RetryPolicy
}

/** Sends payments that are due: claims one, makes an attempt, and writes down what came of it. */
export class PaymentSending {
  constructor(private readonly parts: SendingParts) {}

  /** False, and nothing done: the payment is not due, not to be sent, or held by another. */
  async send(id: string): Promise<boolean> {
    const claimed = await this.parts.leases.claim(id)
    if (claimed === undefined) return false
    const { payment, lease } = claimed
    try {
      const attempted = await this.attempt(payment, lease)
      await this.conclude(payment, lease, attempted)
    } finally {
      lease.release()
    }
    return true
  }

  /** A bug or a lost database is an attempt that failed: counted, so that it cannot go on for ever. */
  private async attempt(payment: OutgoingPayment, lease: Lease): Promise<Attempted> {
    try {
      return await this.parts.attempts.make(payment, this.limited(payment, lease.signal))
    } catch (error) {
      this.parts.log.error({ err: error, paymentId: payment.id }, 'an attempt to send a payment broke off')
      const message = 'The attempt broke off by an error of this node, which is in its log'
      const { sentAmount, deliveredAmount } = payment
      const failure = { reason: 'InternalError', message, isRetryable: true }
      return { deliveredAmount, known: { sentAmount, deliveredAmount }, error: failure }
    }
  }

  /** For the end of the process. */
  interrupt(): void {
    this.parts.leases.interruptAll()
  }

  private limited(payment: OutgoingPayment, signal: AbortSignal): AbortSignal {
    const leftMs = payment.createdAt.getTime() + MAX_AGE_MS - this.parts.clock.nowMs()
    return AbortSignal.any([signal, AbortSignal.timeout(Math.max(leftMs, 0))])
  }

  private async conclude(payment: OutgoingPayment, lease: Lease, attempted: Attempted): Promise<void> {
    const { stateAttempts: attempts } = payment
    const { deliveredAmount, error, account } = attempted
    const next =
      (error && this.nextAttempt(payment, error)) ?? (account === undefined && (await this.untilResolved(payment)))
    if (next) {
      await this.tryLater(payment, lease, error ?? UNRESOLVED, attempted.known, next)
      return
    }
    if (error === undefined) {
      const { receiveAmount, receiveAssetCode: code, receiveAssetScale: scale } = payment.quote
      const [delivered, quoted] = [deliveredAmount, receiveAmount].map((value) => amountText(value, { code, scale }))
      const cause = `${delivered} of ${quoted} delivered`
      await this.end(payment, lease, { state: 'COMPLETED', deliveredAmount, attempts, cause, account })
      return
    }
    const cause = `${error.reason}: ${error.message}`
    await this.end(payment, lease, { state: 'FAILED', deliveredAmount, attempts: attempts + 1, error, cause, account })
  }

  /** A payment with packets of unknown end does not end before the receiver has been asked about them. */
  private async untilResolved(payment: OutgoingPayment): Promise<NextAttempt | undefined> {
    if (this.isTooOld(payment)) return undefined
    const { pendingAmount } = await this.parts.accounts.read(payment)
    if (pendingAmount === 0n) return undefined
    const nowMs = this.parts.clock.nowMs()
    const byAgeMs = (nowMs - payment.createdAt.getTime()) / AGE_TO_WAIT
    const waitMs = Math.min(Math.max(byAgeMs, ASK_AGAIN_FIRST_MS), ASK_AGAIN_LAST_MS)
    return { dueAtMs: nowMs + Math.round(waitMs), attempts: payment.stateAttempts }
  }

  private isTooOld({ createdAt }: OutgoingPayment): boolean {
    return this.parts.clock.nowMs() >= createdAt.getTime() + MAX_AGE_MS
  }

  private nextAttempt(payment: OutgoingPayment, error: PayError): NextAttempt | undefined {
    if (this.isTooOld(payment)) return undefined
    const { stateAttempts, quote } = payment
    const nowMs = this.parts.clock.nowMs()
    const failed = { error, attempts: stateAttempts, nowMs, deadlineMs: quote.expiresAt.getTime() }
    return nextAttempt(failed, this.parts.policy)
  }

  private async end(payment: OutgoingPayment, lease: Lease, end: End): Promise<void> {
    const isEnded = await this.parts.ending.end(payment, lease.token, end)
    if (!isEnded) this.noteLost(payment)
  }

  private async tryLater(
    payment: OutgoingPayment,
    lease: Lease,
    error: PayError,
    known: Attempted['known'],
    { dueAtMs, attempts }: NextAttempt,
  ): Promise<void> {
    const { clock, dataSource, jobs } = this.parts
    const postponement: Postponement = {
      dueAt: new Date(dueAtMs),
      attempts,
      ...known,
      errorReason: error.reason,
      errorMessage: error.message,
    }
    const step = error.isInterrupted === true ? 'interrupted' : 'retrying'
    const note = { step, cause: `${error.reason}: ${error.message}`, at: clock.now() } as const
    if (!(await postpone(dataSource.manager, payment.id, lease.token, postponement, note)))
      return this.noteLost(payment)
    await jobs.ring(OUTGOING_PAYMENTS_QUEUE, payment.id, { delayMs: dueAtMs - clock.nowMs() })
  }

  private noteLost({ id }: OutgoingPayment): void {
    this.parts.log.warn({ paymentId: id }, 'the end of an attempt was not written: another worker has the payment')
  }
}

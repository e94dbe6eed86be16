import type { TenantScope } from '@kivuko/assets'
import type { Clock, DataSource, JobQueue } from '@kivuko/platform'
import { type IncomingPaymentClosing, SETTLING_MS } from './closing.js'
import { approveOpenPayment, markCancelled, writeMetadata } from './decisions.queries.js'
import { alreadyActioned, wrongIncomingPaymentState } from './errors.js'
import type { IncomingPayment } from './incoming-payment.entity.js'
import { INCOMING_PAYMENTS_QUEUE, type IncomingPaymentsService } from './incoming-payments.service.js'
import type { RecentRows } from './recent-rows.js'

export interface DecisionsParts {
  readonly dataSource: DataSource
  readonly clock: Clock
  readonly jobs: JobQueue
  readonly payments: IncomingPaymentsService
  readonly closing: IncomingPaymentClosing
  readonly recent: RecentRows
}

/** What the operator decides about an incoming payment once it has heard of it. */
export class IncomingPaymentDecisions {
  constructor(private readonly parts: DecisionsParts) {}

  /** A repeat changes nothing and answers the same. */
  async approve(tenantId: TenantScope, id: string): Promise<IncomingPayment> {
    const { payments, dataSource, clock } = this.parts
    await payments.get(tenantId, id)
    const isApproved = await approveOpenPayment(dataSource.manager, id, clock.now())
    const payment = await payments.get(tenantId, id)
    if (isApproved) return payment
    if (payment.cancelledAt !== null) throw alreadyActioned(id, 'cancelled', 'approved')
    throw wrongIncomingPaymentState(id, stateOf(payment, clock), 'approved')
  }

  /**
   * It takes no money from now on. What a sender had on its way is credited all the same, and reported with its end. A
   * repeat changes nothing and answers the same.
   */
  async cancel(tenantId: TenantScope, id: string, reason: string | null): Promise<IncomingPayment> {
    const { payments, dataSource, clock, jobs, closing } = this.parts
    const { state } = await payments.get(tenantId, id)
    const received = await closing.receivedAmount(id)
    // The row follows its first credit by a moment.
    if (received > 0n && state === 'PENDING') throw wrongIncomingPaymentState(id, 'PROCESSING', 'cancelled')
    const isCancelled = await dataSource.transaction(
      async (db) =>
        (await markCancelled(db, id, reason, clock.now())) && (await closing.close(db, id, 'EXPIRED', received)),
    )
    const payment = await payments.get(tenantId, id)
    if (!isCancelled && payment.cancelledAt !== null) return payment
    if (!isCancelled && payment.approvedAt !== null) throw alreadyActioned(id, 'approved', 'cancelled')
    if (!isCancelled) throw wrongIncomingPaymentState(id, stateOf(payment, clock), 'cancelled')
    await jobs.ring(INCOMING_PAYMENTS_QUEUE, id, { delayMs: SETTLING_MS })
    return payment
  }

  /** Replaces the metadata, in any state. */
  async describe(tenantId: TenantScope, id: string, metadata: Record<string, unknown>): Promise<IncomingPayment> {
    const { payments, dataSource, clock, recent } = this.parts
    await payments.get(tenantId, id)
    recent.forget(id)
    await writeMetadata(dataSource.manager, id, metadata, clock.now())
    return payments.get(tenantId, id)
  }
}

function stateOf({ state, expiresAt }: IncomingPayment, clock: Clock): string {
  return expiresAt.getTime() <= clock.nowMs() ? 'expired' : state
}

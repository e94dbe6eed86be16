import type { OutgoingPayment } from './outgoing-payment.entity.js'

// A payment is mostly funded within seconds of its making.
const MAX_HELD = 5_000

/**
 * Payments that this process made and nothing was done about yet, so that the funding need not read what was just written.
 * Each is handed out once. Another process may have changed the row meanwhile, which the compare-and-set finds.
 */
export class RecentPayments {
  private readonly held = new Map<string, OutgoingPayment>()

  add(payment: OutgoingPayment): void {
    this.held.set(payment.id, payment)
    if (this.held.size <= MAX_HELD) return
    const [oldest] = this.held.keys()
    if (oldest !== undefined) this.held.delete(oldest)
  }

  take(id: string, tenantId: string | undefined, nowMs: number): OutgoingPayment | undefined {
    const payment = this.held.get(id)
    this.held.delete(id)
    const isVisible = payment !== undefined && (tenantId === undefined || tenantId === payment.tenantId)
    return isVisible && payment.quote.expiresAt.getTime() > nowMs ? payment : undefined
  }
}

import type { Clock, DataSource } from '@kivuko/platform'
import type { IncomingPaymentClosing } from './closing.js'
import { findIncomingPayment, openIncomingPayments } from './incoming-payments.queries.js'
import { isOpen } from './lifecycle.js'
import type { ReceivedAmounts } from './received-amounts.js'

const PAGE = 256
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

/** What the worker does for incoming payments. Each act may be repeated, at once or later, and changes nothing more. */
export class IncomingPaymentSettlement {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly closing: IncomingPaymentClosing,
    private readonly receivedAmounts: ReceivedAmounts,
  ) {}

  /** Expires a payment whose time has come, and reports one that was closed by hand. */
  async settle(id: string): Promise<void> {
    const payment = await findIncomingPayment(this.dataSource.manager, id)
    if (payment === null || payment.dueAt === null || payment.dueAt.getTime() > this.clock.nowMs()) return
    const received = await this.closing.receivedAmount(id)
    if (!isOpen(payment.state)) {
      await this.closing.report(id, payment.state === 'COMPLETED' ? 'COMPLETED' : 'EXPIRED', received)
      return
    }
    const isPaid = payment.incomingAmount !== null && received >= payment.incomingAmount
    await this.closing.closeAndReport(id, isPaid ? 'COMPLETED' : 'EXPIRED', received)
  }

  /**
   * A process that ended between the ledger's post and the row's update left the row behind. Run once at a start: reads
   * the open payments page by page and records what the ledger has more.
   */
  async catchUp(): Promise<void> {
    let afterId = FIRST_ID
    for (;;) {
      const page = await openIncomingPayments(this.dataSource.manager, afterId, PAGE)
      const last = page.at(-1)
      if (last === undefined) return
      const received = await this.closing.receivedAmounts(page.map(({ id }) => id))
      const behind = page.filter((payment) => (received.get(payment.id) ?? 0n) > payment.receivedAmount)
      for (const payment of behind) await this.receivedAmounts.record(payment)
      afterId = last.id
    }
  }
}

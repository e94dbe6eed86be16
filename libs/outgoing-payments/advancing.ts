import type { Clock, DataSource, JobQueue } from '@kivuko/platform'
import type { PaymentFunding } from './funding.js'
import { dueOutgoingPaymentIds, findOutgoingPayment } from './outgoing-payments.queries.js'
import { OUTGOING_PAYMENTS_QUEUE, type PaymentSending } from './sending.js'

// One sweep's worth: what is left is due at the next.
const MAX_DUE = 100

/** What the worker does for outgoing payments. */
export class OutgoingPaymentAdvancing {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly jobs: JobQueue,
    private readonly funding: PaymentFunding,
    private readonly sending: PaymentSending,
  ) {}

  /** Does what is due for one payment: sends it, or ends it when nobody has funded it. May be repeated at any time. */
  async advance(id: string): Promise<void> {
    if (await this.sending.send(id)) return
    const payment = await findOutgoingPayment(this.dataSource.manager, id)
    if (payment?.state === 'FUNDING') await this.funding.expire(payment)
  }

  /** Rings for what is due; the sweep's one statement. */
  async sweep(): Promise<void> {
    const due = await dueOutgoingPaymentIds(this.dataSource.manager, this.clock.now(), MAX_DUE)
    for (const id of due) await this.jobs.ring(OUTGOING_PAYMENTS_QUEUE, id)
  }

  /** For the end of the process: attempts stop after the packets that are under way. */
  interrupt(): void {
    this.sending.interrupt()
  }
}

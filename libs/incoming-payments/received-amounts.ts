import type { Clock, DataSource } from '@kivuko/platform'
import type { IncomingPaymentClosing } from './closing.js'
import type { IncomingPayment } from './incoming-payment.entity.js'
import { raiseReceivedAmount } from './incoming-payments.queries.js'
import { JoinedRuns } from './joined-runs.js'

/** `paidInFull`: what the ledger is known to have credited, where that is all; it need not be read then. */
type Recorded = Pick<IncomingPayment, 'id' | 'incomingAmount'> & { readonly paidInFull?: bigint | undefined }

/**
 * Brings incoming payments' rows up to the ledger after credits. One reading per payment is under way at a time, and all
 * credits that come meanwhile share the next: many packets, few statements.
 */
export class ReceivedAmounts {
  private readonly recordings = new JoinedRuns()

  constructor(
    private readonly dataSource: Pick<DataSource, 'manager'>,
    private readonly clock: Clock,
    private readonly closing: Pick<IncomingPaymentClosing, 'receivedAmount' | 'closeAndReport'>,
  ) {}

  /** Resolves when the row shows every credit that the ledger had at the call. */
  record(payment: Recorded): Promise<void> {
    return this.recordings.run(payment.id, () => this.write(payment))
  }

  private async write({ id, incomingAmount, paidInFull }: Recorded): Promise<void> {
    const received = paidInFull ?? (await this.closing.receivedAmount(id))
    if (received === 0n) return
    const isPaid = incomingAmount !== null && received >= incomingAmount
    if (isPaid && (await this.closing.closeAndReport(id, 'COMPLETED', received))) return
    await raiseReceivedAmount(this.dataSource.manager, id, received, this.clock.now())
  }
}

import type { Clock, DataSource } from '@kivuko/platform'
import type { IncomingPaymentClosing } from './closing.js'
import type { IncomingPayment } from './incoming-payment.entity.js'
import { raiseReceivedAmount } from './incoming-payments.queries.js'
import { JoinedRuns } from './joined-runs.js'

/** `paidInFull`: what the ledger is known to have credited, where that is all; it need not be read then. */
type Recorded = Pick<IncomingPayment, 'id' | 'incomingAmount'> & { readonly paidInFull?: bigint | undefined }

/** A row that is to follow credits, and who waits for it. */
interface Behind {
  readonly recorded: Promise<void>
  begin(): void
}

// Packets that come one by one cost their payment's row a few statements a second, not two each.
const BEHIND_MS = 250
const MAX_BEHIND = 10_000

/**
 * Brings incoming payments' rows up to the ledger after credits. One reading per payment is under way at a time, and all
 * credits that come meanwhile share the next: many packets, few statements. The ledger has the money: what a process that
 * is killed has not recorded is made up for at the next start.
 */
export class ReceivedAmounts {
  private readonly recordings = new JoinedRuns()
  private readonly behind = new Map<string, Behind>()
  private isFinishing = false

  constructor(
    private readonly dataSource: Pick<DataSource, 'manager'>,
    private readonly clock: Clock,
    private readonly closing: Pick<IncomingPaymentClosing, 'receivedAmount' | 'closeAndReport'>,
  ) {}

  /** Resolves when the row shows every credit that the ledger had at the call. */
  record(payment: Recorded): Promise<void> {
    const behind = this.behind.get(payment.id)
    if (behind === undefined) return this.recordings.run(payment.id, () => this.write(payment))
    behind.begin()
    return behind.recorded
  }

  /** The same after a packet: at once when it was the last one, and for all others that come within a moment together. */
  follow(payment: Recorded): Promise<void> {
    if (payment.paidInFull !== undefined || this.isFinishing) return this.record(payment)
    const behind = this.behind.get(payment.id)
    if (behind !== undefined) return behind.recorded
    return this.behind.size < MAX_BEHIND ? this.fallBehind(payment) : this.record(payment)
  }

  /** Called by Nest, before the database is closed: nothing is left behind. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isFinishing = true
    const behind = [...this.behind.values()]
    for (const { begin } of behind) begin()
    await Promise.allSettled(behind.map(({ recorded }) => recorded))
    await this.recordings.finish()
  }

  private fallBehind(payment: Recorded): Promise<void> {
    const { id } = payment
    let begin = () => {}
    const begun = new Promise<void>((resolve) => {
      const timer = setTimeout(() => begin(), BEHIND_MS)
      begin = () => {
        clearTimeout(timer)
        this.behind.delete(id)
        resolve()
      }
    })
    const recorded = begun.then(() => this.recordings.run(id, () => this.write(payment)))
    this.behind.set(id, { recorded, begin })
    return recorded
  }

  private async write({ id, incomingAmount, paidInFull }: Recorded): Promise<void> {
    const received = paidInFull ?? (await this.closing.receivedAmount(id))
    if (received === 0n) return
    const isPaid = incomingAmount !== null && received >= incomingAmount
    if (isPaid && (await this.closing.closeAndReport(id, 'COMPLETED', received))) return
    await raiseReceivedAmount(this.dataSource.manager, id, received, this.clock.now())
  }
}

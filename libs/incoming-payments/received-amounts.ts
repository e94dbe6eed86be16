import type { Clock, DataSource } from '@kivuko/platform'
import type { IncomingPaymentClosing } from './closing.js'
import type { IncomingPayment } from './incoming-payment.entity.js'
import { raiseReceivedAmount } from './incoming-payments.queries.js'

type Recorded = Pick<IncomingPayment, 'id' | 'incomingAmount'>

interface Recording {
  readonly done: Promise<void>
  /** Set while another reading is wanted after this one: by all who were credited meanwhile. */
  next?: Promise<void>
}

/**
 * Brings incoming payments' rows up to the ledger after credits. One reading per payment is under way at a time, and all
 * credits that come meanwhile share the next: many packets, few statements.
 */
export class ReceivedAmounts {
  private readonly recordings = new Map<string, Recording>()

  constructor(
    private readonly dataSource: Pick<DataSource, 'manager'>,
    private readonly clock: Clock,
    private readonly closing: Pick<IncomingPaymentClosing, 'receivedAmount' | 'closeAndReport'>,
  ) {}

  /** Resolves when the row shows every credit that the ledger had at the call. */
  record(payment: Recorded): Promise<void> {
    const running = this.recordings.get(payment.id)
    if (running === undefined) return this.start(payment)
    running.next ??= running.done.catch(() => undefined).then(() => this.start(payment))
    return running.next
  }

  private start(payment: Recorded): Promise<void> {
    const done = this.write(payment)
    const recording: Recording = { done }
    this.recordings.set(payment.id, recording)
    const forget = (): void => {
      if (this.recordings.get(payment.id) === recording && recording.next === undefined)
        this.recordings.delete(payment.id)
    }
    done.then(forget, forget)
    return done
  }

  private async write({ id, incomingAmount }: Recorded): Promise<void> {
    const received = await this.closing.receivedAmount(id)
    if (received === 0n) return
    const isPaid = incomingAmount !== null && received >= incomingAmount
    if (isPaid && (await this.closing.closeAndReport(id, 'COMPLETED', received))) return
    await raiseReceivedAmount(this.dataSource.manager, id, received, this.clock.now())
  }
}

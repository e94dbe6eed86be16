import type { LedgerId } from '@kivuko/accounting'
import type { Asset } from '@kivuko/assets'
import type { Clock } from '@kivuko/platform'
import { notReceivable, unknownIncomingPayment } from './errors.js'
import type { HeldPayments } from './held-payments.js'
import type { IncomingPayment } from './incoming-payment.entity.js'
import type { ReceivedAmounts } from './received-amounts.js'

/** An amount that the payment has made room for. Exactly one of the three ends it. */
export interface Admission {
  readonly accountId: LedgerId
  readonly asset: Asset
  /** The ledger has confirmed the amount; resolves when the payment's row shows it. */
  credited(): Promise<void>
  /** The amount will not come. */
  released(): void
  /** Nor will it, since the ledger found that others have paid what was asked for: what is known of that is read anew. */
  overtaken(): void
}

/** Credits by payments of this node, which come without packets: counted and recorded together with those of packets. */
export class LocalAdmissions {
  constructor(
    private readonly heldPayments: Pick<HeldPayments, 'find' | 'forget'>,
    private readonly receivedAmounts: Pick<ReceivedAmounts, 'record'>,
    private readonly clock: Clock,
  ) {}

  /** `row`: where it was just read. Throws `conflict` ReceiverClosed when the payment is closed or asks for less. */
  async admit(incomingPaymentId: string, amount: bigint, row?: IncomingPayment): Promise<Admission> {
    const payment = await this.heldPayments.find(incomingPaymentId, row)
    if (payment === undefined) throw unknownIncomingPayment(incomingPaymentId)
    const closedBecause = payment.closedBecause(this.clock.nowMs())
    if (closedBecause !== undefined) throw notReceivable(payment.id, closedBecause)
    const missing = payment.missing()
    if (missing !== undefined && amount > missing) {
      throw notReceivable(payment.id, `asks for ${missing} more, not for ${amount}`, missing)
    }
    payment.accept(amount)
    return {
      accountId: payment.accountId,
      asset: payment.asset,
      credited: () => {
        payment.settle(amount, true)
        return this.receivedAmounts.record(payment)
      },
      released: () => payment.settle(amount, false),
      overtaken: () => {
        payment.settle(amount, false)
        this.heldPayments.forget(payment.id)
      },
    }
  }

  /** Brings the payment's row up to the ledger, for a credit whose recording a crash may have cut off. */
  async recordCredits(incomingPaymentId: string): Promise<void> {
    const payment = await this.heldPayments.find(incomingPaymentId)
    if (payment !== undefined) await this.receivedAmounts.record(payment)
  }
}

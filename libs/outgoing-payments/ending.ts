import { type Kept, settleWithGrant } from '@kivuko/grants'
import { type Clock, type DataSource, newRowId, type Queries } from '@kivuko/platform'
import type { NewEvent, WebhooksService, WebhookType } from '@kivuko/webhooks'
import type { OutgoingPayment } from './outgoing-payment.entity.js'
import type { EndedAccount, PaymentAccounts } from './payment-accounts.js'
import { type Ending, endPayment } from './payment-changes.queries.js'
import { outgoingPaymentPayload } from './webhook-payload.js'

/** How and why a payment ends. */
export interface End {
  readonly state: Ending['state']
  readonly deliveredAmount: bigint
  readonly attempts: number
  /** Absent for a completed payment. */
  readonly error?: { readonly reason: string; readonly message: string }
  readonly cause: string
  /** The payment's account after all that was done, if that is known without reading it. */
  readonly account?: EndedAccount
  /** In place of what there was. */
  readonly metadata?: Record<string, unknown>
}

const told = {
  COMPLETED: 'outgoing_payment.completed',
  FAILED: 'outgoing_payment.failed',
  CANCELLED: 'outgoing_payment.cancelled',
} as const satisfies Record<Ending['state'], WebhookType>

const steps = { COMPLETED: 'completed', FAILED: 'failed', CANCELLED: 'cancelled' } as const

/** Ends outgoing payments: state, reason, what the ledger says, timeline and webhook row in one transaction. */
export class PaymentEnding {
  constructor(
    private readonly dataSource: DataSource,
    private readonly grouped: Queries,
    private readonly clock: Clock,
    private readonly accounts: PaymentAccounts,
    private readonly webhooks: WebhooksService,
  ) {}

  /** `lease`: of the attempt that ends it; undefined while it is not being sent. False: it has changed meanwhile. */
  async end(payment: OutgoingPayment, lease: string | undefined, end: End): Promise<boolean> {
    const { sentAmount, availableAmount } = end.account ?? (await this.accounts.read(payment))
    const ending: Ending = {
      state: end.state,
      attempts: end.attempts,
      sentAmount,
      deliveredAmount: end.deliveredAmount,
      leftoverAmount: availableAmount,
      errorReason: end.error?.reason ?? null,
      errorMessage: end.error?.message ?? null,
      endedEventId: newRowId(this.clock.nowMs()),
      ...(end.metadata !== undefined && { metadata: end.metadata }),
    }
    const event = this.eventOf(payment, ending)
    const ended = await this.write(payment, lease, ending, end.cause, event)
    if (ended !== undefined) await this.webhooks.deliver(event, ended.isOurs)
    return ended !== undefined
  }

  private eventOf(payment: OutgoingPayment, ending: Ending): NewEvent {
    const ended = { ...payment, ...ending, stateAttempts: ending.attempts }
    return this.webhooks.prepare({
      id: ending.endedEventId,
      tenantId: payment.tenantId,
      type: told[ending.state],
      data: outgoingPaymentPayload(ended, this.accounts.assetOf(payment), ending.leftoverAmount),
      resource: payment.id,
    })
  }

  private write(
    { id, grantId }: OutgoingPayment,
    lease: string | undefined,
    ending: Ending,
    cause: string,
    event: NewEvent,
  ): ReturnType<typeof endPayment> {
    const note = { step: steps[ending.state], cause, at: this.clock.now() }
    if (grantId === null) return endPayment(this.grouped, id, lease, ending, note, event)
    return this.dataSource.transaction(async (db) => {
      const ended = await endPayment(db, id, lease, ending, note, event)
      if (ended !== undefined) await settleWithGrant(db, id, keptOf(ending), note.at)
      return ended
    })
  }
}

/** A completed payment has cost its debit amount, fee and all; another one what it sent. */
function keptOf({ state, sentAmount, deliveredAmount }: Ending): Kept {
  return { receiveValue: deliveredAmount, ...(state !== 'COMPLETED' && { debitValue: sentAmount }) }
}

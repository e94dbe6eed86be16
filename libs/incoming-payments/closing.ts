import { randomUUID } from 'node:crypto'
import { type Balance, idFromUuid, type Ledger, type LedgerId } from '@kivuko/accounting'
import type { AssetsService } from '@kivuko/assets'
import { assert, BatchedReads, type Clock, type DataSource, type Db } from '@kivuko/platform'
import type { WebhooksService } from '@kivuko/webhooks'
import type { HeldPayments } from './held-payments.js'
import { type Closing, closeOpenPayment, closeReport, findIncomingPayment } from './incoming-payments.queries.js'
import { incomingPaymentPayload } from './webhook-payload.js'

/** Packets accepted just before a payment closes are credited within this time, and belong into its report. */
export const SETTLING_MS = 1_000

type ClosedState = Closing['state']

/** Ends incoming payments: the state, what was received (from the ledger), and the webhook row, in one transaction. */
export class IncomingPaymentClosing {
  private readonly balances: BatchedReads<LedgerId, Balance>

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly ledger: Ledger,
    private readonly assets: AssetsService,
    private readonly webhooks: WebhooksService,
    private readonly heldPayments: HeldPayments,
  ) {
    this.balances = new BatchedReads((ids) => ledger.balances(ids))
  }

  /** All that the ledger has ever credited to the payment; 0 before its account is open. */
  async receivedAmount(id: string): Promise<bigint> {
    return (await this.balances.find(idFromUuid(id)))?.creditsPosted ?? 0n
  }

  /** For several payments in one reading of the ledger. */
  async receivedAmounts(ids: readonly string[]): Promise<ReadonlyMap<string, bigint>> {
    const balances = await this.ledger.balances(ids.map(idFromUuid))
    return new Map(ids.map((id) => [id, balances.get(idFromUuid(id))?.creditsPosted ?? 0n]))
  }

  /** Closes and reports at once. False: it was closed already. */
  async closeAndReport(id: string, state: ClosedState, receivedAmount: bigint): Promise<boolean> {
    const closing = this.reporting(state, receivedAmount)
    const isClosed = await this.dataSource.transaction(async (db) => {
      if (!(await closeOpenPayment(db, id, closing))) return false
      await this.heldPayments.announceClosed(db, id)
      await this.recordEvent(db, id, closing)
      return true
    })
    if (isClosed && closing.finalEventId !== null) await this.webhooks.ring()
    return isClosed
  }

  /** Closes now and leaves the report to `report`, SETTLING_MS later. False: it was closed already. */
  async closeFirst(id: string, state: ClosedState, receivedAmount: bigint): Promise<boolean> {
    return this.dataSource.transaction((db) => this.close(db, id, state, receivedAmount))
  }

  /** The same in the caller's transaction. */
  async close(db: Db, id: string, state: ClosedState, receivedAmount: bigint): Promise<boolean> {
    const now = this.clock.now()
    const dueAt = new Date(now.getTime() + SETTLING_MS)
    if (!(await closeOpenPayment(db, id, { state, receivedAmount, finalEventId: null, dueAt, now }))) return false
    await this.heldPayments.announceClosed(db, id)
    return true
  }

  /** The report of a payment that was closed first. */
  async report(id: string, state: ClosedState, receivedAmount: bigint): Promise<void> {
    const closing = this.reporting(state, receivedAmount)
    await this.dataSource.transaction(async (db) => {
      if (await closeReport(db, id, closing)) await this.recordEvent(db, id, closing)
    })
    if (closing.finalEventId !== null) await this.webhooks.ring()
  }

  private reporting(state: ClosedState, receivedAmount: bigint): Closing {
    const finalEventId = receivedAmount > 0n ? randomUUID() : null
    return { state, receivedAmount, finalEventId, dueAt: null, now: this.clock.now() }
  }

  // Like the reference: a payment that nobody paid is closed in silence, since there is nothing to withdraw.
  private async recordEvent(db: Db, id: string, { state, finalEventId }: Closing): Promise<void> {
    if (finalEventId === null) return
    const payment = await findIncomingPayment(db, id)
    assert(payment !== null, 'a payment that was just closed has a row')
    const asset = this.assets.find(payment.assetId)
    assert(asset !== undefined, `an incoming payment's asset is known (${payment.assetId})`)
    await this.webhooks.record(db, {
      id: finalEventId,
      tenantId: payment.tenantId,
      type: state === 'COMPLETED' ? 'incoming_payment.completed' : 'incoming_payment.expired',
      data: incomingPaymentPayload(payment, asset),
      resource: id,
    })
  }
}

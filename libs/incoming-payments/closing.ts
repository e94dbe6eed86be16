import { type Balance, idFromUuid, type Ledger, type LedgerId } from '@kivuko/accounting'
import type { AssetsService } from '@kivuko/assets'
import { assert, BatchedReads, type Clock, type DataSource, type Db, newRowId, type Queries } from '@kivuko/platform'
import type { NewEvent, WebhooksService } from '@kivuko/webhooks'
import type { HeldPayments } from './held-payments.js'
import type { IncomingPayment } from './incoming-payment.entity.js'
import {
  type ClosedPayment,
  type Closing,
  closeOpenPayment,
  closeReport,
  closeUnchangedPayment,
} from './incoming-payments.queries.js'
import type { RecentRows } from './recent-rows.js'
import { incomingPaymentPayload } from './webhook-payload.js'

/** Packets accepted just before a payment closes are credited within this time, and belong into its report. */
export const SETTLING_MS = 1_000

type ClosedState = Closing['state']

/** A closed payment, whose event is to be told once that is committed. */
interface Reported {
  tell(): Promise<void>
}

/** Ends incoming payments: the state, what was received (from the ledger), and the webhook row, in one transaction. */
export class IncomingPaymentClosing {
  private readonly balances: BatchedReads<LedgerId, Balance>

  constructor(
    private readonly dataSource: DataSource,
    private readonly grouped: Queries,
    private readonly clock: Clock,
    private readonly ledger: Ledger,
    private readonly assets: AssetsService,
    private readonly webhooks: WebhooksService,
    private readonly heldPayments: HeldPayments,
    private readonly recent: RecentRows,
  ) {
    this.balances = new BatchedReads((ids) => ledger.balances(ids))
  }

  /**
   * All that the ledger has ever credited to the payment; 0 before its account is open. Asked before the row is brought up
   * to it: from now on nobody goes by the row as it was made.
   */
  receivedAmount(id: string): Promise<bigint> {
    this.recent.forget(id)
    return this.creditedAmount(id)
  }

  /** The same, for who only looks. */
  async creditedAmount(id: string): Promise<bigint> {
    return (await this.balances.find(idFromUuid(id)))?.creditsPosted ?? 0n
  }

  /** For several payments in one reading of the ledger. */
  async receivedAmounts(ids: readonly string[]): Promise<ReadonlyMap<string, bigint>> {
    const balances = await this.ledger.balances(ids.map(idFromUuid))
    return new Map(ids.map((id) => [id, balances.get(idFromUuid(id))?.creditsPosted ?? 0n]))
  }

  /** Closes and reports at once. False: it was closed already. */
  async closeAndReport(id: string, state: ClosedState, receivedAmount: bigint): Promise<boolean> {
    const asMade = this.recent.find(id)
    this.recent.forget(id)
    const closing = this.reporting(state, receivedAmount)
    if (asMade !== undefined && (await this.closeUnchanged(asMade, closing))) return true
    const closed = await this.dataSource.transaction(async (db) =>
      this.reported(db, closing, await closeOpenPayment(db, id, closing, this.announcement(id))),
    )
    await closed?.tell()
    return closed !== undefined
  }

  /** Closes now and leaves the report to `report`, SETTLING_MS later. False: it was closed already. */
  async closeFirst(id: string, state: ClosedState, receivedAmount: bigint): Promise<boolean> {
    return this.close(this.dataSource.manager, id, state, receivedAmount)
  }

  /** The same in the caller's transaction. */
  async close(db: Db, id: string, state: ClosedState, receivedAmount: bigint): Promise<boolean> {
    this.recent.forget(id)
    const now = this.clock.now()
    const dueAt = new Date(now.getTime() + SETTLING_MS)
    const closing = { state, receivedAmount, finalEventId: null, dueAt, now }
    return (await closeOpenPayment(db, id, closing, this.announcement(id))) !== undefined
  }

  /** The report of a payment that was closed first. */
  async report(id: string, state: ClosedState, receivedAmount: bigint): Promise<void> {
    const closing = this.reporting(state, receivedAmount)
    const closed = await this.dataSource.transaction(async (db) =>
      this.reported(db, closing, await closeReport(db, id, closing)),
    )
    await closed?.tell()
  }

  private async closeUnchanged(payment: IncomingPayment, closing: Closing): Promise<boolean> {
    const { state, receivedAmount, finalEventId } = closing
    if (finalEventId === null) return false
    const event = this.eventOf({ ...payment, state, receivedAmount }, finalEventId)
    const closed = await closeUnchangedPayment(this.grouped, payment, closing, this.announcement(payment.id), event)
    if (closed !== undefined) await this.webhooks.deliver(event, closed.isOurs)
    return closed !== undefined
  }

  private announcement(id: string): (values: unknown[]) => string {
    return (values) => this.heldPayments.announcement(values, id)
  }

  private reporting(state: ClosedState, receivedAmount: bigint): Closing {
    const now = this.clock.now()
    const finalEventId = receivedAmount > 0n ? newRowId(now.getTime()) : null
    return { state, receivedAmount, finalEventId, dueAt: null, now }
  }

  // Like the reference: a payment that nobody paid is closed in silence, since there is nothing to withdraw.
  private async reported(
    db: Db,
    { finalEventId }: Closing,
    closed: ClosedPayment | undefined,
  ): Promise<Reported | undefined> {
    if (closed === undefined) return undefined
    if (finalEventId === null) return { tell: async () => undefined }
    const event = this.eventOf(closed, finalEventId)
    const isOurs = await this.webhooks.write(db, event)
    return { tell: () => this.webhooks.deliver(event, isOurs) }
  }

  private eventOf(closed: ClosedPayment, id: string): NewEvent {
    const asset = this.assets.find(closed.assetId)
    assert(asset !== undefined, `an incoming payment's asset is known (${closed.assetId})`)
    return this.webhooks.prepare({
      id,
      tenantId: closed.tenantId,
      type: closed.state === 'COMPLETED' ? 'incoming_payment.completed' : 'incoming_payment.expired',
      data: incomingPaymentPayload(closed, asset),
      resource: closed.id,
    })
  }
}

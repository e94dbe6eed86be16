import { AccountCode, type Balance, idFromUuid, type Ledger, type LedgerId } from '@kivuko/accounting'
import {
  AccountOpening,
  type AccountOwner,
  type Asset,
  type AssetsService,
  type LiquidityAccount,
} from '@kivuko/assets'
import { assert, BatchedReads, type ChangeFeed, type DataSource } from '@kivuko/platform'
import { HeldPayment } from './held-payment.js'
import type { IncomingPayment } from './incoming-payment.entity.js'
import { findIncomingPayments, readIncomingPayments } from './incoming-payments.queries.js'

const TOPIC = 'incoming-payments'

// Far more payments than receive money at the same time, in a few megabytes; the least recently used make room.
const MAX_HELD = 10_000

// Far more than change between the reading of a row and its use.
const MAX_CHANGED = 10_000

// Accounts known to be open; those of other payments are looked up before a withdrawal.
const MAX_KNOWN = 10_000

type AskedFor = Pick<IncomingPayment, 'id' | 'assetId' | 'incomingAmount'>

/** Incoming payments that packets are arriving for, in memory; closed ones too, for the sender that has not noticed. */
export class HeldPayments {
  private readonly balances: BatchedReads<LedgerId, Balance>
  private readonly rows: BatchedReads<string, IncomingPayment>
  private readonly accounts: AccountOpening
  private readonly held = new Map<string, HeldPayment>()
  private readonly changed = new Set<string>()
  private readonly loading = new Map<string, Promise<HeldPayment | undefined>>()

  constructor(
    private readonly dataSource: DataSource,
    ledger: Ledger,
    private readonly assets: AssetsService,
    private readonly changeFeed: ChangeFeed,
  ) {
    this.accounts = new AccountOpening(ledger, MAX_KNOWN)
    this.balances = new BatchedReads((ids) => ledger.balances(ids))
    this.rows = new BatchedReads((ids) => readIncomingPayments(dataSource.manager, ids))
  }

  start(): void {
    this.changeFeed.subscribe(TOPIC, (id) => (id === undefined ? this.refreshAll() : this.refresh(id)))
  }

  /** The call that tells every process, once the caller's statement is committed, that the payment was closed. */
  announcement(values: unknown[], id: string): string {
    return this.changeFeed.call(values, TOPIC, id)
  }

  /** `row`: where it was just read. */
  find(id: string, row?: IncomingPayment): HeldPayment | Promise<HeldPayment | undefined> {
    const payment = this.held.get(id)
    if (payment === undefined) return this.load(id, row)
    this.held.delete(id)
    this.held.set(id, payment)
    return payment
  }

  /**
   * Read anew, with what the ledger has credited, when it is next asked for: another process was faster, and the ledger,
   * which knows the credits of all, has refused one.
   */
  forget(id: string): void {
    this.held.delete(id)
  }

  /** Opening twice is harmless: the id is the payment's. The ledger credits no more than the payment asks for. */
  openAccount(payment: AskedFor): Promise<void> {
    return this.accounts.open(this.owner(payment))
  }

  asLiquidity(payment: AskedFor): LiquidityAccount {
    return this.accounts.asLiquidity(this.owner(payment))
  }

  private load(id: string, row: IncomingPayment | undefined): Promise<HeldPayment | undefined> {
    const known = this.loading.get(id)
    if (known !== undefined) return known
    const loading = this.read(id, row).finally(() => this.loading.delete(id))
    this.loading.set(id, loading)
    return loading
  }

  private async read(id: string, given: IncomingPayment | undefined): Promise<HeldPayment | undefined> {
    const row = (this.changed.has(id) ? undefined : given) ?? (await this.rows.find(id))
    if (row === undefined) return undefined
    const balance = await this.balances.find(idFromUuid(id))
    if (balance === undefined) await this.openAccount(row)
    const payment = new HeldPayment(row, this.assetOf(row.assetId), balance?.creditsPosted ?? 0n)
    this.hold(payment)
    return payment
  }

  private hold(payment: HeldPayment): void {
    this.held.set(payment.id, payment)
    if (this.held.size <= MAX_HELD) return
    // Only what is counted in memory alone may not be forgotten.
    for (const [id, { isBusy }] of this.held) {
      if (isBusy) continue
      this.held.delete(id)
      return
    }
  }

  // A change heard while the payment is being read may have been committed after the row was.
  private async refresh(id: string): Promise<void> {
    const payment = this.held.get(id) ?? (await this.loading.get(id))
    if (payment === undefined) this.noteChanged(id)
    else if (payment.isOpen) await this.takeOver([id])
  }

  // Who has just read the row may have read what it was before.
  private noteChanged(id: string): void {
    this.changed.add(id)
    const [oldest] = this.changed
    if (this.changed.size > MAX_CHANGED && oldest !== undefined) this.changed.delete(oldest)
  }

  private refreshAll(): Promise<void> {
    return this.takeOver([...this.held.keys()])
  }

  private async takeOver(ids: readonly string[]): Promise<void> {
    for (const row of await findIncomingPayments(this.dataSource.manager, ids)) this.held.get(row.id)?.refresh(row)
  }

  private owner({ id, assetId, incomingAmount }: AskedFor): AccountOwner {
    const asset = this.assetOf(assetId)
    const mostCredits = incomingAmount ?? undefined
    const kind = { code: AccountCode.incomingPayment, limit: 'debits' } as const
    return { id, asset, account: { id: idFromUuid(id), ledger: asset.ledger, ...kind, mostCredits } }
  }

  private assetOf(assetId: string): Asset {
    const asset = this.assets.find(assetId)
    assert(asset !== undefined, `an incoming payment's asset is known (${assetId})`)
    return asset
  }
}

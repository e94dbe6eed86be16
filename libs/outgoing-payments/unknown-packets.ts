import { setTimeout as sleep } from 'node:timers/promises'
import { type Ledger, type LedgerId, type LedgerTransfer, legId } from '@kivuko/accounting'
import { deliverableFloor } from '@kivuko/payment-methods'
import { type Clock, DomainError, type Logger } from '@kivuko/platform'
import { quotedPrice, type ReceiversService } from '@kivuko/quotes'
import type { OutgoingPayment } from './outgoing-payment.entity.js'
import type { PaymentAccounts } from './payment-accounts.js'
import { deliveredByLedger } from './plan-attempt.js'

// @interledger/pay gives a packet this long, and the connector no longer than its longest hold.
const PACKET_LIFE_MS = 20_000
// The receiver's total shows a packet a moment after it expired, if it arrived.
const SETTLED_AFTER_MS = 2_000

const PAGE = 100

/**
 * Packets whose answer was lost: the receiver may have been paid or not, and their reservations are neither posted nor
 * voided. When they have expired, the receiver's total says how many arrived.
 */
export class UnknownPackets {
  constructor(
    private readonly ledger: Ledger,
    private readonly accounts: PaymentAccounts,
    private readonly receivers: Pick<ReceiversService, 'get'>,
    private readonly clock: Clock,
    private readonly log: Logger,
    private readonly maxHoldTimeMs: number,
  ) {}

  /**
   * Posts what arrived beyond `deliveredAmount`, voids the rest, and returns how much that was in the receiver's minor
   * unit. Undefined when it could not be told: the receiver was not to be read, or the wait was aborted.
   */
  async resolve(payment: OutgoingPayment, deliveredAmount: bigint, signal: AbortSignal): Promise<bigint | undefined> {
    const first = await this.openReservations(payment)
    if (first.length === 0) return 0n
    if (!(await this.decided(first, signal))) return undefined
    const received = await this.receivedAmount(payment)
    if (received === undefined) return undefined
    const { lowRate } = quotedPrice(payment.quote)
    // An answer that came late has ended its packet by itself: what it brought is no part of what has to be explained.
    const open = await this.openReservations(payment)
    const posted = await this.delivered(payment)
    const known = posted > deliveredAmount ? posted : deliveredAmount
    let unexplained = received - payment.receiverAmountBefore - known
    let resolved = known - deliveredAmount
    for (const { id, amount } of open) {
      const worth = deliverableFloor(amount, { rate: lowRate })
      const hasArrived = worth > 0n && unexplained >= worth
      await this.end(await this.chainOf(id), hasArrived)
      if (!hasArrived) continue
      unexplained -= worth
      resolved += worth
    }
    this.log.info({ paymentId: payment.id, packets: open.length, resolved: `${resolved}` }, 'unknown packets resolved')
    return resolved
  }

  private async delivered(payment: OutgoingPayment): Promise<bigint> {
    const { sentAmount } = await this.accounts.read(payment)
    const recorded = { recordedSentAmount: payment.sentAmount, recordedDeliveredAmount: payment.deliveredAmount }
    return deliveredByLedger(payment.quote, { sentAmount, ...recorded })
  }

  /** Oldest first. The statement is read back until it explains all that is reserved. */
  private async openReservations(payment: OutgoingPayment): Promise<LedgerTransfer[]> {
    const accountId = this.accounts.idOf(payment)
    let missing = (await this.accounts.read(payment)).pendingAmount
    const open: LedgerTransfer[] = []
    let before: bigint | undefined
    while (missing > 0n) {
      const page = await this.ledger.statement(accountId, { limit: PAGE, before })
      for (const transfer of page) {
        if (transfer.state !== 'pending' || transfer.debitAccountId !== accountId) continue
        open.push(transfer)
        missing -= transfer.amount
      }
      before = page.at(-1)?.position
      if (page.length < PAGE) break
    }
    return open.reverse()
  }

  /** True once no packet under way can be fulfilled any more. */
  private async decided(open: readonly LedgerTransfer[], signal: AbortSignal): Promise<boolean> {
    const lastMs = Math.max(...open.map(({ createdAt }) => createdAt.getTime()))
    const waitMs = lastMs + Math.min(PACKET_LIFE_MS, this.maxHoldTimeMs) + SETTLED_AFTER_MS - this.clock.nowMs()
    if (waitMs <= 0) return true
    try {
      await sleep(waitMs, undefined, { signal })
      return true
    } catch (error) {
      if (!signal.aborted) throw error
      return false
    }
  }

  private async receivedAmount({ id, quote }: OutgoingPayment): Promise<bigint | undefined> {
    try {
      return (await this.receivers.get(quote.receiver)).receivedAmount
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      this.log.warn(
        { paymentId: id, cause: error.message },
        'unknown packets stay unresolved: the receiver was not read',
      )
      return undefined
    }
  }

  /** The reservations that stand or fall with this one: across currencies, a second leg pays the peer. */
  private async chainOf(firstId: LedgerId): Promise<LedgerId[]> {
    const secondId = legId(firstId, 1)
    const second = (await this.ledger.lookup([secondId])).get(secondId)
    return second?.state === 'pending' ? [firstId, secondId] : [firstId]
  }

  private async end(chain: readonly LedgerId[], hasArrived: boolean): Promise<void> {
    const outcome = hasArrived ? await this.ledger.post(chain) : await this.ledger.void(chain)
    if (outcome.kind === 'accepted') return
    this.log.warn(
      { chain: chain.map(String), outcome },
      'an unknown packet was not resolved: the next attempt tries again',
    )
  }
}

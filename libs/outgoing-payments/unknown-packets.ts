import { setTimeout as sleep } from 'node:timers/promises'
import { type Ledger, type LedgerId, type LedgerTransfer, legId, type Outcome } from '@kivuko/accounting'
import type { BookDifferences, OwnPacket } from '@kivuko/connector'
import { type Clock, DomainError, type Logger } from '@kivuko/platform'
import { quotedPrice, type ReceiversService } from '@kivuko/quotes'
import { type Delivered, explainTotal } from './explain-total.js'
import type { OutgoingPayment } from './outgoing-payment.entity.js'
import type { PaymentAccounts } from './payment-accounts.js'

// @interledger/pay gives a packet this long, and the connector no longer than its longest hold.
const PACKET_LIFE_MS = 20_000
// The receiver's total shows a packet a moment after it expired, if it arrived.
const SETTLED_AFTER_MS = 2_000
// An answer that comes late, or a post that the ledger confirms late, ends the wait.
const LOOK_AGAIN_MS = 500
// Beyond so many something else than late answers changes the account: the next attempt goes on.
const MAX_LOOKS = 10

const PAGE = 100

/** A payment's account at one moment. */
interface Look {
  readonly postedAmount: bigint
  /** Neither posted nor voided, the oldest first. */
  readonly open: readonly LedgerTransfer[]
}

export interface UnknownPacketsParts {
  readonly ledger: Ledger
  readonly accounts: PaymentAccounts
  readonly receivers: Pick<ReceiversService, 'get'>
  readonly doubts: Pick<BookDifferences, 'noteDoubtful'>
  readonly clock: Clock
  readonly log: Logger
  readonly maxHoldTimeMs: number
}

/**
 * Packets whose answer was lost: the receiver may have been paid or not, and their reservations are neither posted nor
 * voided. When they have expired, the receiver's total says how many arrived.
 */
export class UnknownPackets {
  constructor(private readonly parts: UnknownPacketsParts) {}

  /**
   * Posts what arrived beyond what is `known`, voids the rest, and returns what is known then. Undefined when it could
   * not be told: the receiver was not to be read, or the wait was aborted.
   */
  async resolve(payment: OutgoingPayment, known: Delivered, signal: AbortSignal): Promise<Delivered | undefined> {
    for (let looks = 1; looks <= MAX_LOOKS; looks += 1) {
      const first = await this.look(payment)
      if (first.open.length === 0 && first.postedAmount === known.sentAmount) return known
      if (!(await this.decided(payment, first, signal))) return undefined
      // Read when nothing can arrive any more; only then is it asked which answers came by themselves meanwhile.
      const receivedAmount = await this.receivedAmount(payment)
      if (receivedAmount === undefined) return undefined
      const second = await this.look(payment)
      if (this.leftMs(second) > 0) continue
      const resolved = await this.conclude(payment, known, second, receivedAmount)
      if (resolved !== undefined) return resolved
    }
    return undefined
  }

  /** Undefined: the ledger did not end all of it so, and it is to be looked at again. */
  private async conclude(
    payment: OutgoingPayment,
    known: Delivered,
    { open, postedAmount }: Look,
    receivedAmount: bigint,
  ): Promise<Delivered | undefined> {
    const price = quotedPrice(payment.quote)
    const { arrived, deliveredAmount, isCertain } = explainTotal({
      packets: open,
      receivedAmount,
      known,
      postedAmount,
      price,
    })
    const chains = new Map(await Promise.all(open.map(async ({ id }) => [id, await this.chainOf(id)] as const)))
    // Written down first: nothing that was concluded in doubt goes unlisted.
    if (!isCertain) await this.note(payment, [...chains.values()])
    const outcomes = await Promise.all(
      [...chains].map(([id, chain]) =>
        this.end(
          chain,
          arrived.some((packet) => packet.id === id),
        ),
      ),
    )
    const sentAmount = arrived.reduce((sum, { amount }) => sum + amount, postedAmount)
    const facts = { paymentId: payment.id, packets: open.length, arrived: arrived.length, isCertain }
    this.parts.log.info({ ...facts, receivedAmount: `${receivedAmount}` }, 'unknown packets resolved')
    return outcomes.every(({ kind }) => kind === 'accepted') ? { sentAmount, deliveredAmount } : undefined
  }

  /** Read until it fits together: answers that come late end packets by themselves. */
  private async look(payment: OutgoingPayment): Promise<Look> {
    const { accounts } = this.parts
    for (let before = await accounts.read(payment); ; ) {
      const open = await this.openReservations(payment, before.pendingAmount)
      if (before.pendingAmount === 0n) return { postedAmount: before.sentAmount, open }
      const after = await accounts.read(payment)
      const isSame = after.sentAmount === before.sentAmount && after.pendingAmount === before.pendingAmount
      if (isSame) return { postedAmount: after.sentAmount, open }
      before = after
    }
  }

  /** Oldest first. The statement is read back until it explains all that is reserved. */
  private async openReservations(payment: OutgoingPayment, pendingAmount: bigint): Promise<LedgerTransfer[]> {
    const accountId = this.parts.accounts.idOf(payment)
    let missing = pendingAmount
    const open: LedgerTransfer[] = []
    let before: bigint | undefined
    while (missing > 0n) {
      const page = await this.parts.ledger.statement(accountId, { limit: PAGE, before })
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

  /** True once no packet under way can be fulfilled any more, or none is left. False: aborted. */
  private async decided(payment: OutgoingPayment, seen: Look, signal: AbortSignal): Promise<boolean> {
    for (let leftMs = this.leftMs(seen); leftMs > 0; leftMs = this.leftMs(seen)) {
      try {
        await sleep(Math.min(leftMs, LOOK_AGAIN_MS), undefined, { signal })
      } catch (error) {
        if (!signal.aborted) throw error
        return false
      }
      if ((await this.parts.accounts.read(payment)).pendingAmount === 0n) return true
    }
    return true
  }

  private leftMs({ open }: Look): number {
    if (open.length === 0) return 0
    const lastMs = Math.max(...open.map(({ createdAt }) => createdAt.getTime()))
    const lifeMs = Math.min(PACKET_LIFE_MS, this.parts.maxHoldTimeMs)
    return lastMs + lifeMs + SETTLED_AFTER_MS - this.parts.clock.nowMs()
  }

  /** Since the payment was made. */
  private async receivedAmount({ id, quote, receiverAmountBefore }: OutgoingPayment): Promise<bigint | undefined> {
    try {
      return (await this.parts.receivers.get(quote.receiver)).receivedAmount - receiverAmountBefore
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      this.parts.log.warn(
        { paymentId: id, cause: error.message },
        'unknown packets stay unresolved: the receiver was not read',
      )
      return undefined
    }
  }

  /** The reservations that stand or fall with this one: across currencies, a second leg pays the peer. */
  private async chainOf(firstId: LedgerId): Promise<LedgerTransfer[]> {
    const ids = [firstId, legId(firstId, 1)]
    const found = await this.parts.ledger.lookup(ids)
    return ids.flatMap((id) => {
      const leg = found.get(id)
      return leg?.state === 'pending' ? [leg] : []
    })
  }

  private async note(payment: OutgoingPayment, chains: readonly LedgerTransfer[][]): Promise<void> {
    const packets = chains.flatMap(([first, ...others]): OwnPacket[] => {
      // The last leg is the peer's.
      const { creditAccountId: peerAccountId, amount } = others.at(-1) ?? first ?? {}
      return first && peerAccountId && amount ? [{ id: first.id, peerAccountId, amount }] : []
    })
    if (packets.length > 0) await this.parts.doubts.noteDoubtful(payment.tenantId, payment.id, packets)
  }

  private async end(chain: readonly LedgerTransfer[], hasArrived: boolean): Promise<Outcome> {
    const ids = chain.map(({ id }) => id)
    const outcome = hasArrived ? await this.parts.ledger.post(ids) : await this.parts.ledger.void(ids)
    if (outcome.kind !== 'accepted')
      this.parts.log.warn({ chain: ids.map(String), outcome }, 'an unknown packet was not resolved: looking again')
    return outcome
  }
}

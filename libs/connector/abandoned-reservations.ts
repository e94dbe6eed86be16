import { type LedgerId, type LedgerTransfer, legId, TransferCode, uuidFromId } from '@kivuko/accounting'
import type { Peer } from '@kivuko/peering'
import { messageOf } from '@kivuko/platform'
import { type ChargeReference, chargeReferenceOf } from './charge-reference.js'
import type { ChargingDependencies } from './charging-dependencies.js'

// A process that begins hears within this which others run.
const FIRST_LOOK_MS = 10_000
// An answer that comes after a packet's expiry still tells its owner what became of it.
const LATE_MS = 5_000
const RETRY_MS = 5_000
const PAGE = 500

type Dependencies = Pick<
  ChargingDependencies,
  'ledger' | 'differences' | 'confirmations' | 'processes' | 'peers' | 'clock' | 'logger' | 'maxHoldTimeMs'
> &
  Pick<ChargingDependencies, 'timeoutSeconds' | 'ledgerOutageSeconds'>

/**
 * What processes that ended have left reserved. Nobody awaits the answers to their packets any more: when those have
 * expired, they are listed, since their next hops may charge us for them, and given back. Looked for after a start, and
 * when another process has ended: only then is there any.
 */
export class AbandonedReservations {
  private readonly timers = new Set<NodeJS.Timeout>()
  private running: Promise<void> | undefined
  private isClosed = false

  constructor(private readonly dependencies: Dependencies) {}

  start(): void {
    this.schedule(FIRST_LOOK_MS)
    this.dependencies.processes.onGone(() => this.schedule(0))
  }

  async close(): Promise<void> {
    this.isClosed = true
    for (const timer of this.timers) clearTimeout(timer)
    await this.running
  }

  /** Also when all that is under way now has expired. */
  private schedule(inMs: number): void {
    for (const ms of [inMs, inMs + this.dependencies.maxHoldTimeMs + LATE_MS + RETRY_MS]) this.lookIn(ms)
  }

  private lookIn(ms: number): void {
    if (this.isClosed) return
    const timer = setTimeout(() => {
      this.timers.delete(timer)
      this.running ??= this.look().finally(() => {
        this.running = undefined
      })
    }, ms).unref()
    this.timers.add(timer)
  }

  private async look(): Promise<void> {
    const { ledger, clock, logger } = this.dependencies
    const madeSince = new Date(clock.nowMs() - this.longestLifeMs())
    try {
      let after: LedgerId | undefined
      for (;;) {
        const page = await ledger.timedReservations({ limit: PAGE, after, madeSince })
        await this.release(page)
        if (page.length < PAGE) return
        after = page.at(-1)?.id
      }
    } catch (error) {
      logger.warn(
        { cause: messageOf(error) },
        'what ended processes have reserved could not be looked for; tried again',
      )
      this.lookIn(RETRY_MS)
    }
  }

  private longestLifeMs(): number {
    const { maxHoldTimeMs, timeoutSeconds, ledgerOutageSeconds } = this.dependencies
    return maxHoldTimeMs + (timeoutSeconds + ledgerOutageSeconds) * 1_000
  }

  private async release(page: readonly LedgerTransfer[]): Promise<void> {
    for (const leg of page) {
      const reference = leg.code === TransferCode.transfer ? chargeReferenceOf(leg) : undefined
      // The second leg of a packet across currencies goes with its first, which debits the source.
      const source = reference && this.dependencies.peers.find(uuidFromId(leg.debitAccountId))
      if (reference && source && this.isAbandoned(reference)) await this.end(leg, source)
    }
  }

  private isAbandoned({ ownerId, deliveryExpiresAtMs }: ChargeReference): boolean {
    const { processes, clock } = this.dependencies
    return processes.isGone(ownerId) && deliveryExpiresAtMs + LATE_MS < clock.nowMs()
  }

  private async end(first: LedgerTransfer, source: Peer): Promise<void> {
    const { ledger, differences, confirmations } = this.dependencies
    const second = (await ledger.lookup([legId(first.id, 1)])).get(legId(first.id, 1))
    const legs = second ? [first, second] : [first]
    // By its place, and not by the peers of now: a next hop that was deleted since may charge us all the same.
    const { creditAccountId } = second && second.ledger !== first.ledger ? second : first
    const paid = legs.filter((leg) => leg.creditAccountId === creditAccountId)
    const amount = paid.reduce((sum, leg) => sum + leg.amount, 0n)
    const peerId = uuidFromId(creditAccountId)
    await differences.note({
      ...{ ledgerId: first.id, kind: 'abandoned', tenantId: source.tenantId },
      ...{ peerId, sourcePeerId: source.id, paymentId: undefined, amount, condition: undefined },
    })
    await confirmations.void(
      legs.map(({ id }) => id),
      RETRY_MS,
    )
  }
}

import { randomUUID } from 'node:crypto'
import type { Db } from '@kivuko/platform'
import { type AttemptOptions, attemptDelivery } from './attempt.js'
import { GatheredSettlements } from './gathered-settlements.js'
import type { WritersLease } from './new-event.js'
import { OneAtATime } from './one-at-a-time.js'
import {
  type Claim,
  type ClaimedBatch,
  type ClaimedEvent,
  claimDue,
  type Settlement,
  settle,
} from './webhook-events.queries.js'

export interface WebhookDeliveryOptions extends AttemptOptions {
  readonly db: Db
  /** Longer than any delivery takes: an event comes back this long after its worker died. */
  readonly leaseMs: number
  /** Deliveries at once. A receiver that never answers holds so many connections of its own and nobody else's. */
  readonly perTenant: number
  /** How long the outcomes of events that this process wrote wait for more; the default suits. */
  readonly gatherMs?: number
}

const DELIVERIES_IN_ALL = 1_024
const LOOK_AGAIN_MS = 1_000
// How often a tenant without a webhook URL is looked at again.
const KEEP_MS = 60_000
const SETTLEMENTS_PER_STATEMENT = 500

/** Claims, delivers and settles what is due. Claims and settlements gather while one is under way: few statements. */
export class WebhookDelivery {
  private readonly claims = new OneAtATime(() => this.claim())
  private readonly settling = new OneAtATime(() => this.settleAll())
  private readonly underWay = new Set<Promise<void>>()
  private readonly perTenant = new Map<string, number>()
  private readonly keptUntilMs = new Map<string, number>()
  private readonly settlements: Settlement[] = []
  /** Of events that this process wrote itself. */
  readonly gathered: GatheredSettlements
  private moreIsDue = false
  private stopped = false
  /** Whether this process delivers what it writes itself. */
  isServing = false

  constructor(private readonly options: WebhookDeliveryOptions) {
    this.gathered = new GatheredSettlements(() => void this.settling.run(), options.gatherMs)
  }

  /** Starts what is due and may start now; resolves when that is under way, not when it is delivered. */
  async deliverDue(): Promise<void> {
    if (!this.stopped) await this.claims.run()
  }

  /** Whether what is due now could be begun by this process. */
  get hasRoom(): boolean {
    return this.isServing && !this.stopped && this.underWay.size < DELIVERIES_IN_ALL
  }

  /** For an event that is about to be written here; undefined when it has to wait behind others. */
  leaseFor(tenantId: string): WritersLease | undefined {
    if (!this.hasRoom || this.moreIsDue || this.keptUntilMs.has(tenantId)) return undefined
    this.moreIsDue = (this.perTenant.get(tenantId) ?? 0) >= this.options.perTenant
    if (this.moreIsDue) return undefined
    return { lease: randomUUID(), endsAt: new Date(this.options.clock.nowMs() + this.options.leaseMs) }
  }

  /** Delivers an event that was written under a lease of this process. */
  begin(event: ClaimedEvent): void {
    // Once the database is about to be closed, the event waits for the end of its lease.
    if (!this.stopped) this.start(event, true)
  }

  /** Looks for what is due, without anyone waiting for it. */
  deliverMore(): void {
    this.deliverDue().catch((error) => {
      this.options.logger.error({ err: error }, 'due webhook events could not be claimed: the next sweep tries again')
    })
  }

  /** Starts nothing more and resolves when what is under way has ended and is written. Called by Nest, before the database closes. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true
    await this.settled()
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0 || this.claims.busy || !this.gathered.isEmpty) {
      await Promise.all(this.underWay)
      if (!this.gathered.isEmpty) await this.settling.run()
      await this.claims.ended()
    }
  }

  private async claim(): Promise<void> {
    if (this.stopped) return
    const claim = this.nextClaim()
    const resting = new Set([...this.keptUntilMs.keys()].filter((tenantId) => !this.perTenant.has(tenantId)))
    const batch = await claimDue(this.options.db, claim)
    this.moreIsDue = mayHaveMore(claim, batch, resting)
    for (const event of batch.events) this.start(event)
    // Rows that were only put off took places from those behind them, which are looked at now.
    if (this.moreIsDue && looked(batch) > batch.events.length) this.deliverMore()
  }

  private nextClaim(): Claim {
    const nowMs = this.options.clock.nowMs()
    const free = new Map<string, number>()
    for (const [tenantId, count] of this.perTenant) free.set(tenantId, Math.max(this.options.perTenant - count, 0))
    for (const [tenantId, untilMs] of this.keptUntilMs) {
      if (untilMs > nowMs) free.set(tenantId, 0)
      else this.keptUntilMs.delete(tenantId)
    }
    return {
      now: new Date(nowMs),
      lease: randomUUID(),
      leaseEndsAt: new Date(nowMs + this.options.leaseMs),
      lookAgainAt: new Date(nowMs + LOOK_AGAIN_MS),
      perTenant: this.options.perTenant,
      total: Math.max(DELIVERIES_IN_ALL - this.underWay.size, 0),
      free,
    }
  }

  private start(event: ClaimedEvent, isWriters = false): void {
    this.perTenant.set(event.tenantId, (this.perTenant.get(event.tenantId) ?? 0) + 1)
    const delivery = this.deliverOne(event, isWriters).finally(() => this.underWay.delete(delivery))
    this.underWay.add(delivery)
  }

  private async deliverOne(event: ClaimedEvent, isWriters: boolean): Promise<void> {
    const { logger, clock } = this.options
    try {
      const settlement = await attemptDelivery(this.options, event)
      if (settlement.kept) this.keptUntilMs.set(event.tenantId, clock.nowMs() + KEEP_MS)
      if (isWriters && settlement.state === 'DELIVERED' && !this.moreIsDue) return this.gathered.add(event, settlement)
      this.settlements.push(settlement)
    } catch (error) {
      // A failure of our own, not of the receiver: the event comes back when its lease ends.
      logger.error({ err: error, eventId: event.id, type: event.type }, 'webhook event could not be prepared')
    } finally {
      this.leave(event.tenantId)
    }
    await this.settling.run()
  }

  private leave(tenantId: string): void {
    const left = (this.perTenant.get(tenantId) ?? 1) - 1
    if (left > 0) this.perTenant.set(tenantId, left)
    else this.perTenant.delete(tenantId)
  }

  private async settleAll(): Promise<void> {
    const { db, clock, logger } = this.options
    this.settlements.push(...this.gathered.takeAll())
    // Those that come in meanwhile have a run of their own: nobody waits for others.
    for (let left = this.settlements.length; left > 0; left -= SETTLEMENTS_PER_STATEMENT) {
      const batch = this.settlements.splice(0, Math.min(left, SETTLEMENTS_PER_STATEMENT))
      try {
        const woken = await settle(db, batch, clock.now())
        if (woken > 0 || this.moreIsDue) this.deliverMore()
      } catch (error) {
        logger.error({ err: error, events: batch.length }, 'webhook outcomes were not written: delivered again later')
      }
    }
  }
}

/**
 * Whether a tenant, or the whole, came to its limit; one without a free place may have any number waiting. `resting`: the
 * tenants without a receiver, for whom nobody hurries.
 */
function mayHaveMore(claim: Claim, batch: ClaimedBatch, resting: ReadonlySet<string>): boolean {
  if (looked(batch) >= claim.total) return true
  for (const [tenantId, places] of claim.free) {
    if (!resting.has(tenantId) && (batch.seen.get(tenantId) ?? 0) >= places) return true
  }
  return [...batch.seen].some(([tenantId, count]) => count >= (claim.free.get(tenantId) ?? claim.perTenant))
}

function looked({ seen }: ClaimedBatch): number {
  return [...seen.values()].reduce((sum, count) => sum + count, 0)
}

import { randomUUID } from 'node:crypto'
import type { Clock, DataSource, Logger, Queries } from '@kivuko/platform'
import { keepLease } from './lease-clock.js'
import type { OutgoingPayment } from './outgoing-payment.entity.js'
import { claimForSending, extendLease } from './payment-changes.queries.js'

/** The right to send one payment. Aborted when it is lost, or when this process stops. */
export interface Lease {
  readonly token: string
  readonly signal: AbortSignal
  release(): void
}

/** A payment as it was when it was claimed, and the right to send it. */
export interface Claimed {
  readonly payment: OutgoingPayment
  readonly lease: Lease
}

/** Claims payments by compare-and-set, and keeps them while they are being sent. No transaction stays open meanwhile. */
export class Leases {
  private readonly held = new Set<AbortController>()
  private isStopping = false

  constructor(
    private readonly dataSource: DataSource,
    private readonly grouped: Queries,
    private readonly clock: Clock,
    private readonly log: Logger,
    /** A worker that died is followed by another after this time. */
    private readonly leaseMs: number,
  ) {}

  /** Undefined when the payment is not due: another worker has it, or it has ended. Undefined too while we are stopping. */
  async claim(paymentId: string): Promise<Claimed | undefined> {
    if (this.isStopping) return undefined
    const token = randomUUID()
    const note = { step: 'sending', cause: null, at: this.clock.now() } as const
    const endsAt = this.leaseEnd()
    const payment = await claimForSending(this.dataSource.manager, this.grouped, paymentId, token, endsAt, note)
    return payment && { payment, lease: this.keep(paymentId, token, endsAt.getTime()) }
  }

  /** For the end of the process: attempts stop after the packets that are under way. */
  interruptAll(): void {
    this.isStopping = true
    for (const controller of this.held) controller.abort(new Error('this node is stopping'))
  }

  private keep(paymentId: string, token: string, endsAtMs: number): Lease {
    const controller = new AbortController()
    this.held.add(controller)
    const stop = keepLease({
      leaseMs: this.leaseMs,
      endsAtMs,
      clock: this.clock,
      extend: (endsAtMs) => this.extend(paymentId, token, endsAtMs),
      abort: (reason) => controller.abort(reason),
    })
    return {
      token,
      signal: controller.signal,
      release: () => {
        stop()
        this.held.delete(controller)
      },
    }
  }

  /** Undefined when the database did not answer, which for a moment is no reason to stop. */
  private async extend(paymentId: string, token: string, endsAtMs: number): Promise<'lost' | 'extended' | undefined> {
    try {
      const isOurs = await extendLease(this.dataSource.manager, paymentId, token, new Date(endsAtMs))
      return isOurs ? 'extended' : 'lost'
    } catch (error) {
      this.log.warn({ err: error, paymentId }, 'the lease of a payment could not be extended; trying again')
      return undefined
    }
  }

  private leaseEnd(): Date {
    return new Date(this.clock.nowMs() + this.leaseMs)
  }
}

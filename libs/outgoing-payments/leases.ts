import { randomUUID } from 'node:crypto'
import type { Clock, DataSource, Logger } from '@kivuko/platform'
import type { OutgoingPayment } from './outgoing-payment.entity.js'
import { claimForSending, extendLease } from './payment-changes.queries.js'

// A living worker says so this often within one lease.
const EXTENSIONS_PER_LEASE = 3

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
    const payment = await claimForSending(this.dataSource.manager, paymentId, token, this.leaseEnd(), note)
    return payment && { payment, lease: this.keep(paymentId, token) }
  }

  /** For the end of the process: attempts stop after the packets that are under way. */
  interruptAll(): void {
    this.isStopping = true
    for (const controller of this.held) controller.abort(new Error('this node is stopping'))
  }

  private keep(paymentId: string, token: string): Lease {
    const controller = new AbortController()
    this.held.add(controller)
    let endsAtMs = this.clock.nowMs() + this.leaseMs
    const extend = async (): Promise<void> => {
      const extendedMs = await this.extend(paymentId, token, controller)
      if (extendedMs !== undefined) endsAtMs = extendedMs
      else if (this.clock.nowMs() >= endsAtMs) controller.abort(new Error('the lease of the payment has ended'))
    }
    const timer = setInterval(() => void extend(), this.leaseMs / EXTENSIONS_PER_LEASE)
    return {
      token,
      signal: controller.signal,
      release: () => {
        clearInterval(timer)
        this.held.delete(controller)
      },
    }
  }

  /** The new end of the lease; undefined when the database did not answer, which for a moment is no reason to stop. */
  private async extend(paymentId: string, token: string, controller: AbortController): Promise<number | undefined> {
    const endsAtMs = this.clock.nowMs() + this.leaseMs
    try {
      const isOurs = await extendLease(this.dataSource.manager, paymentId, token, new Date(endsAtMs))
      if (!isOurs) controller.abort(new Error('another worker has taken the payment over'))
      return endsAtMs
    } catch (error) {
      this.log.warn({ err: error, paymentId }, 'the lease of a payment could not be extended; trying again')
      return undefined
    }
  }

  private leaseEnd(): Date {
    return new Date(this.clock.nowMs() + this.leaseMs)
  }
}

import type { ChangeFeed } from '@kivuko/platform'
import type { IncomingPayment } from './incoming-payment.entity.js'

// Published by a trigger of the table: the payment was as it had been made, and is not any more.
const TOPIC = 'incoming-payment-rows'

// A payment is mostly quoted and paid within a minute of its making.
const MAX_HELD = 5_000

/**
 * Rows that this process wrote and nobody has changed since: whoever is about to pay need not read them again. A row is
 * let go for good before this process changes it, and when another has; none is taken while changes are not heard.
 */
export class RecentRows {
  private readonly held = new Map<string, IncomingPayment>()

  constructor(private readonly feed: Pick<ChangeFeed, 'subscribe' | 'isSilent'>) {}

  start(): void {
    this.feed.subscribe(TOPIC, (id) => (id === undefined ? this.forgetAll() : this.forget(id)))
  }

  add(payment: IncomingPayment): void {
    this.held.set(payment.id, payment)
    if (this.held.size <= MAX_HELD) return
    const [oldest] = this.held.keys()
    if (oldest !== undefined) this.held.delete(oldest)
  }

  find(id: string): IncomingPayment | undefined {
    return this.feed.isSilent() ? undefined : this.held.get(id)
  }

  forget(id: string): void {
    this.held.delete(id)
  }

  forgetAll(): void {
    this.held.clear()
  }
}

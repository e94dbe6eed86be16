import { setTimeout as sleep } from 'node:timers/promises'
import { type Order, placeOrder } from '../harness/network.js'
import type { Draws } from '../harness/seed.js'
import type { FaultyNetwork, Lane } from './faulty-network.js'

// A lane goes on without the end of a payment that a fault holds up.
const PATIENCE_MS = 1_000
const POLL_MS = 20
// After a refusal: a node that is down is asked again soon, but not in a tight loop.
const PAUSE_MS = 500

const ENDS = new Set(['outgoing_payment.completed', 'outgoing_payment.failed', 'outgoing_payment.cancelled'])

/** Payments on every lane, one after the other, until they are stopped. */
export class Traffic {
  ordered = 0
  /** Calls that were answered by an error, or not at all. */
  readonly refusals: string[] = []
  private isStopped = false
  private readonly lanes: Promise<void>[]

  constructor(network: FaultyNetwork, draws: Draws) {
    this.lanes = network.lanes.map((lane) => this.run(lane, draws))
  }

  /** Starts no further order and resolves when those under way are answered. */
  async stop(): Promise<void> {
    this.isStopped = true
    await Promise.all(this.lanes)
  }

  private async run(lane: Lane, draws: Draws): Promise<void> {
    while (!this.isStopped) {
      const value = BigInt(draws.between(500, 3_000))
      const order: Order = draws.between(0, 1) === 0 ? { debit: value } : { asked: value }
      try {
        const { payment } = await placeOrder(lane.from, lane.to, order)
        this.ordered += 1
        await this.untilEnded(lane, payment.id)
      } catch (error) {
        this.refusals.push(error instanceof Error ? error.message : String(error))
        await sleep(PAUSE_MS)
      }
    }
  }

  private async untilEnded({ from }: Lane, paymentId: string): Promise<void> {
    const { events } = from.node.operator
    const from_ = events.length
    const untilMs = performance.now() + PATIENCE_MS
    const isEnded = () =>
      events.slice(Math.max(from_ - 50, 0)).some(({ type, data }) => data.id === paymentId && ENDS.has(type))
    while (!this.isStopped && performance.now() < untilMs && !isEnded()) await sleep(POLL_MS)
  }
}

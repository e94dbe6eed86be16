import type { LedgerId } from '@kivuko/accounting'
import type { Reply } from '@kivuko/ilp'
import { chargeStateOf, isFresh, legsOf, refuseCharge, untilKnown } from './charge-state.js'
import type { Packet } from './packet.js'
import type { Refuse } from './refuse.js'
import type { Reserving } from './reserving.js'
import type { Handler } from './step.js'

/** A packet to a peer: reserved before it leaves, then posted or voided by what comes back. */
export class ForwardedCharge {
  constructor(
    private readonly reserving: Reserving,
    private readonly refuse: Refuse,
  ) {}

  async handle(packet: Packet, next: Handler): Promise<Reply> {
    const { ledger, confirmations, timeoutSeconds } = this.reserving
    const legs = legsOf(packet)
    const ids = legs.map(({ id }) => id)
    // Our own payment's reservation is never released by time: the receiver may have been paid without our knowing.
    const timeout = packet.source.kind === 'payment' ? 0 : timeoutSeconds
    const outcome = await untilKnown(() => ledger.reserve(legs, timeout))
    if (isFresh(outcome)) return this.deliver(packet, ids, next)
    if (outcome.kind === 'unknown') {
      await confirmations.void(ids, this.patienceFor(packet))
      return this.refuse(packet, 'T00', 'the ledger did not answer, try again later')
    }
    const state = await chargeStateOf(packet, outcome, ledger)
    if (state === 'fresh' || state === 'pending') return this.deliver(packet, ids, next)
    return state === 'posted' ? next(packet) : refuseCharge(packet, legs, state, this.refuse)
  }

  private async deliver(packet: Packet, ids: LedgerId[], next: Handler): Promise<Reply> {
    const { confirmations } = this.reserving
    let isFulfilled = false
    try {
      const reply = await next(packet)
      isFulfilled = reply.type === 'fulfill'
      return reply
    } finally {
      if (isFulfilled) await confirmations.post(ids, this.patienceFor(packet))
      else if (packet.isUnresolved) packet.settleLate = (reply) => this.settleLate(packet, ids, reply)
      else await confirmations.void(ids, this.patienceFor(packet))
    }
  }

  /**
   * A late reject proves that nothing was taken. A late fulfill proves that our own payment has arrived; of a packet
   * that we forwarded it comes too late for the source, which has been told that it was rejected.
   */
  private settleLate(packet: Packet, ids: LedgerId[], reply: Reply): void {
    const { confirmations } = this.reserving
    if (reply.type === 'reject') void confirmations.void(ids, 0)
    else if (packet.source.kind === 'payment') void confirmations.post(ids, 0)
  }

  /** The answer must reach the source before its expiry, also when the ledger is slow. */
  private patienceFor({ prepare }: Packet): number {
    const { clock, minMessageWindowMs, maxHoldTimeMs } = this.reserving
    return Math.min(prepare.expiresAt.getTime() - clock.nowMs() - minMessageWindowMs / 2, maxHoldTimeMs)
  }
}

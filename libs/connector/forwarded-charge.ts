import type { LedgerId, Leg, Outcome } from '@kivuko/accounting'
import type { Reply } from '@kivuko/ilp'
import { chargeStateOf, isFresh, legsOf, refuseCharge, untilKnown } from './charge-state.js'
import type { Packet } from './packet.js'
import type { Refuse } from './refuse.js'
import type { Reserving } from './reserving.js'
import { type Handler, rejecting } from './step.js'

/** A packet to a peer: reserved before it leaves, then posted or voided by what comes back. */
export class ForwardedCharge {
  constructor(
    private readonly reserving: Reserving,
    private readonly refuse: Refuse,
  ) {}

  handle(packet: Packet, next: Handler): Promise<Reply> {
    const { ledger, timeoutSeconds } = this.reserving
    const legs = legsOf(packet)
    // Our own payment's reservation is never released by time: the receiver may have been paid without our knowing.
    const timeout = packet.source.kind === 'payment' ? 0 : timeoutSeconds
    return untilKnown(() => ledger.reserve(legs, timeout)).then((outcome) =>
      isFresh(outcome) ? this.deliver(packet, idsOf(legs), next) : this.proceed(packet, legs, outcome, next),
    )
  }

  /** With what is not reserved just now: by the same packet before, or not at all. */
  private async proceed(packet: Packet, legs: readonly Leg[], outcome: Outcome, next: Handler): Promise<Reply> {
    const { ledger, confirmations } = this.reserving
    const ids = idsOf(legs)
    if (outcome.kind === 'unknown') {
      await confirmations.void(ids, this.patienceFor(packet))
      return this.refuse(packet, 'T00', 'the ledger did not answer, try again later')
    }
    const state = await chargeStateOf(packet, outcome, ledger)
    if (state === 'fresh' || state === 'pending') return this.deliver(packet, ids, next)
    return state === 'posted' ? next(packet) : refuseCharge(packet, legs, state, this.refuse)
  }

  private deliver(packet: Packet, ids: LedgerId[], next: Handler): Promise<Reply> {
    return rejecting(next)(packet).then(
      (reply) => {
        if (reply.type === 'reject') return this.release(packet, ids).then(() => reply)
        return this.reserving.confirmations.post(ids, this.patienceFor(packet)).then(() => reply)
      },
      (error) =>
        this.release(packet, ids).then(() => {
          throw error
        }),
    )
  }

  private async release(packet: Packet, ids: LedgerId[]): Promise<void> {
    if (packet.isUnresolved) packet.settleLate = (reply) => this.settleLate(packet, ids, reply)
    else await this.reserving.confirmations.void(ids, this.patienceFor(packet))
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

function idsOf(legs: readonly Leg[]): LedgerId[] {
  return legs.map(({ id }) => id)
}

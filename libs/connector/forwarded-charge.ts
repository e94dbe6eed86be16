import type { Leg } from '@kivuko/accounting'
import type { Reply } from '@kivuko/ilp'
import { chargeReferenceOf, newChargeReference } from './charge-reference.js'
import { isRecorded, legsOf, type Refused, refuseCharge, untilKnown } from './charge-state.js'
import type { ChargingDependencies } from './charging-dependencies.js'
import { ExistingCharges } from './existing-charges.js'
import { keptFrom } from './kept-answer.js'
import type { FulfilledCharge } from './late-charges.js'
import { destinationOf, ledgerIdOf, type Packet } from './packet.js'
import { readRecordedCharge } from './recorded-charge.js'
import type { Refuse } from './refuse.js'
import { type Handler, rejecting } from './step.js'
import { Unanswered } from './unanswered.js'
import { UnresolvedCharges } from './unresolved-charges.js'

// A sender that repeats a packet does so within seconds; one that expires later than this is not answered after a restart.
const MAX_ANSWER_KEPT_MS = 86_400_000
// The looks for a reservation of which the ledger said nothing: for 16 s, longer than any call to a ledger may take.
const FIRST_LOOK_MS = 250
const LAST_LOOK_MS = 8_000

/**
 * A packet to a peer: reserved before it leaves, then posted or voided by what comes back. The process whose reservation
 * it is sends it, and nobody else; what is posted is never sent again.
 */
export class ForwardedCharge {
  private readonly existing: ExistingCharges
  private readonly unresolved: UnresolvedCharges

  constructor(
    private readonly dependencies: ChargingDependencies,
    private readonly refuse: Refuse,
  ) {
    this.existing = new ExistingCharges(dependencies, refuse)
    this.unresolved = new UnresolvedCharges(dependencies)
  }

  handle(packet: Packet, next: Handler): Promise<Reply> {
    const { ledger, processes } = this.dependencies
    const { deliveryExpiresAtMs } = packet
    const isPayment = packet.source.kind === 'payment'
    const legs = legsOf(
      packet,
      isPayment ? undefined : newChargeReference({ ownerId: processes.ownId, deliveryExpiresAtMs }),
    )
    // Our own payment's reservation is never released by time: the receiver may have been paid without our knowing.
    const timeoutSeconds = isPayment ? 0 : this.lifeOf(packet)
    return untilKnown(() => ledger.reserve(legs, timeoutSeconds)).then((outcome) => {
      packet.ledgerWasAsked = true
      // A call that is repeated with the same reference is this very one, asked again after a lost answer.
      if (outcome.kind === 'accepted') return this.deliver(packet, legs, next)
      if (outcome.kind === 'refused' && !isRecorded(outcome)) return this.refuseCharge(packet, legs, outcome)
      return outcome.kind === 'unknown'
        ? this.leaveUnanswered(packet, legs, outcome.message)
        : this.answerAsBefore(packet, next)
    })
  }

  /** The packet's life, and the longest outage of the ledger in which a post may have to wait. In whole seconds. */
  private lifeOf({ deliveryExpiresAtMs }: Packet): number {
    const { clock, timeoutSeconds, ledgerOutageSeconds } = this.dependencies
    const lifeSeconds = Math.ceil((deliveryExpiresAtMs - clock.nowMs()) / 1_000)
    return Math.max(lifeSeconds + ledgerOutageSeconds, timeoutSeconds)
  }

  private deliver(packet: Packet, legs: readonly Leg[], next: Handler): Promise<Reply> {
    const { confirmations } = this.dependencies
    const charge = fulfilledCharge(packet, legs)
    return rejecting(next)(packet).then(
      (reply) => {
        if (reply.type === 'fulfill') {
          const answer = this.isKept(packet) ? keptFrom(reply) : undefined
          return confirmations.post(charge, this.patienceFor(packet), answer).then(() => reply)
        }
        return this.release(packet, charge).then(() => reply)
      },
      (error) =>
        this.release(packet, charge).then(() => {
          throw error
        }),
    )
  }

  private async release(packet: Packet, charge: FulfilledCharge): Promise<void> {
    if (!packet.isUnresolved) await this.dependencies.confirmations.void(idsOf(charge.legs), this.patienceFor(packet))
    // Known before the timer of the expiry has fired: nobody tells of it later.
    else if (packet.isLost) this.unresolved.settle(packet, charge, undefined)
    else packet.settleLate = (reply) => this.unresolved.settle(packet, charge, reply)
  }

  private isKept({ source, prepare }: Packet): boolean {
    if (source.kind !== 'peer') return false
    return prepare.expiresAt.getTime() - this.dependencies.clock.nowMs() <= MAX_ANSWER_KEPT_MS
  }

  /** What is reserved is this packet's only where its reference is: another's is not touched. */
  private leaveUnanswered(packet: Packet, legs: readonly Leg[], message: string): never {
    const { confirmations } = this.dependencies
    confirmations.track(this.voidOwn(packet, legs))
    throw new Unanswered(message)
  }

  private async voidOwn(packet: Packet, legs: readonly Leg[]): Promise<void> {
    const { ledger, confirmations } = this.dependencies
    // A server that was held up may still apply what it was sent, until its own deadline.
    for (let waitMs = FIRST_LOOK_MS; waitMs <= LAST_LOOK_MS; waitMs *= 2) {
      const recorded = await this.existing.untilRead(() => readRecordedCharge(ledger, packet), packet)
      if (recorded?.legs[0]?.reference === legs[0]?.reference) return confirmations.void(idsOf(legs), 0)
      if (recorded !== undefined) return
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
  }

  /** The same bytes came before, here or in another process. */
  private async answerAsBefore(packet: Packet, next: Handler): Promise<Reply> {
    const recorded = await this.existing.read(packet)
    const taken = await this.existing.answer(packet, recorded)
    if (taken.kind === 'answered') return taken.reply
    // Its owner is gone, and its next hop charges the same bytes once: they go out again as they did.
    const { reservation, destination } = taken
    const reference = chargeReferenceOf(reservation)
    if (reference === undefined) throw new Unanswered('nothing is known of how the packet was sent')
    packet.destination = destination
    packet.destinationAmount = reservation.amount
    packet.deliveryExpiresAtMs = reference.deliveryExpiresAtMs
    packet.isRepeated = true
    return this.deliver(packet, recorded.legs, next)
  }

  private refuseCharge(packet: Packet, legs: readonly Leg[], outcome: Refused): Promise<Reply> {
    return refuseCharge(packet, legs, outcome, this.refuse)
  }

  /** The answer must reach the source before its expiry, also when the ledger is slow. */
  private patienceFor({ prepare }: Packet): number {
    const { clock, minMessageWindowMs, maxHoldTimeMs } = this.dependencies
    return Math.min(prepare.expiresAt.getTime() - clock.nowMs() - minMessageWindowMs / 2, maxHoldTimeMs)
  }
}

function idsOf(legs: readonly Leg[]) {
  return legs.map(({ id }) => id)
}

function fulfilledCharge(packet: Packet, legs: readonly Leg[]): FulfilledCharge {
  const { source } = packet
  const { id, tenantId, accountId } = destinationOf(packet)
  return {
    packetId: ledgerIdOf(packet),
    legs,
    source,
    sourceAccountId: source.accountId,
    destination: { id, tenantId, accountId },
  }
}

import type { Ledger, Leg, Outcome } from '@kivuko/accounting'
import type { Reply } from '@kivuko/ilp'
import { messageOf } from '@kivuko/platform'
import { isFresh, isRecorded, legsOf, refuseCharge, untilKnown } from './charge-state.js'
import type { LedgerConfirmations } from './ledger-confirmations.js'
import { destinationOf, type Packet } from './packet.js'
import { creditTo, readRecordedCharge } from './recorded-charge.js'
import type { Refuse } from './refuse.js'
import type { Handler } from './step.js'
import { Unanswered } from './unanswered.js'

type Known = Exclude<Outcome, { kind: 'unknown' }>

/** A packet that ends here: its receiver's answer is known at once, so one transfer does for reserving and posting. */
export class LocalCharge {
  constructor(
    private readonly ledger: Ledger,
    private readonly confirmations: LedgerConfirmations,
    private readonly refuse: Refuse,
  ) {}

  async handle(packet: Packet, next: Handler): Promise<Reply> {
    const reply = await next(packet)
    if (reply.type === 'reject') return reply
    const legs = legsOf(packet)
    const outcome = await this.charge(packet, legs)
    if (isFresh(outcome)) return reply
    if (isRecorded(outcome)) {
      await this.takeOver(packet, legs)
      return reply
    }
    if (outcome.kind === 'accepted') return reply
    const { accountId, kind } = destinationOf(packet)
    // The account takes no more than its payment asks for, which all processes together have credited or are crediting.
    packet.isOvertaken = outcome.refusal === 'insufficient-room' && legs[outcome.leg]?.creditAccountId === accountId
    if (packet.isOvertaken) return this.refuse(packet, 'T99', `others have paid the ${kind} meanwhile, try again`)
    return refuseCharge(packet, legs, outcome, this.refuse)
  }

  /** Begun before the packet expires or not at all: its sender asks soon after whether it arrived. */
  private async charge(packet: Packet, legs: readonly Leg[]): Promise<Known> {
    const outcome = await this.answered(packet, legs, () =>
      untilKnown(() => this.ledger.transfer(legs, packet.deliveryExpiresAtMs)),
    )
    packet.ledgerWasAsked = true
    if (outcome.kind !== 'unknown') return outcome
    return this.answered(packet, legs, () => Promise.reject(new Unanswered(outcome.message)))
  }

  /** The same bytes were credited before: the amount of then counts, whatever today's rate is. */
  private async takeOver(packet: Packet, legs: readonly Leg[]): Promise<void> {
    const before = await this.answered(packet, legs, () => readRecordedCharge(this.ledger, packet))
    const credit = before && creditTo(before, destinationOf(packet))
    // Charged on its way to somebody else: a reject would deny that, and this receiver was not paid.
    if (credit?.state !== 'posted') throw new Unanswered('the same packet was charged on another way before')
    packet.isRepeated = true
    packet.destinationAmount = credit.amount
  }

  /** What fails here leaves open whether the packet was credited. */
  private async answered<T>(packet: Packet, legs: readonly Leg[], call: () => Promise<T>): Promise<T> {
    try {
      return await call()
    } catch (error) {
      packet.isUncertain = true
      const message = messageOf(error)
      this.confirmations.noteUnknownTransfer(
        legs.map(({ id }) => id),
        message,
      )
      throw error instanceof Unanswered ? error : new Unanswered(message, { cause: error })
    }
  }
}

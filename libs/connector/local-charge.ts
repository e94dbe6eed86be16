import type { Ledger, LedgerId, Leg } from '@kivuko/accounting'
import type { Reply } from '@kivuko/ilp'
import { messageOf } from '@kivuko/platform'
import { type ChargeState, chargeStateOf, legsOf, refuseCharge, untilKnown } from './charge-state.js'
import type { LedgerConfirmations } from './ledger-confirmations.js'
import { destinationOf, type Packet } from './packet.js'
import type { Refuse } from './refuse.js'
import type { Handler } from './step.js'
import { Unanswered } from './unanswered.js'

/** The account takes no more than its payment asks for, which all processes together have credited or are crediting. */
function isWithoutRoom(state: ChargeState, legs: readonly Leg[], accountId: LedgerId): boolean {
  if (typeof state === 'string' || state.refusal !== 'insufficient-room') return false
  return legs[state.leg]?.creditAccountId === accountId
}

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
    const state = await this.charged(packet, legs)
    if (state === 'fresh' || state === 'posted') return reply
    const { accountId, kind } = destinationOf(packet)
    packet.isOvertaken = isWithoutRoom(state, legs, accountId)
    if (packet.isOvertaken) return this.refuse(packet, 'T99', `others have paid the ${kind} meanwhile, try again`)
    return refuseCharge(packet, legs, state, this.refuse)
  }

  /** Begun before the packet expires or not at all: its sender asks soon after whether it arrived. */
  private async charged(packet: Packet, legs: readonly Leg[]): Promise<ChargeState> {
    try {
      const outcome = await untilKnown(() => this.ledger.transfer(legs, packet.deliveryExpiresAtMs))
      if (outcome.kind !== 'unknown') return await chargeStateOf(packet, outcome, this.ledger)
      throw new Unanswered(outcome.message)
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

import type { Ledger } from '@kivuko/accounting'
import type { Reply } from '@kivuko/ilp'
import { chargeStateOf, legsOf, refuseCharge, untilKnown } from './charge-state.js'
import type { LedgerConfirmations } from './ledger-confirmations.js'
import type { Packet } from './packet.js'
import type { Refuse } from './refuse.js'
import type { Handler } from './step.js'

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
    const outcome = await untilKnown(() => this.ledger.transfer(legs))
    if (outcome.kind === 'unknown') {
      const ids = legs.map(({ id }) => id)
      this.confirmations.noteUnknownTransfer(ids, outcome.message)
      return this.refuse(packet, 'T00', 'the ledger did not answer, try again later')
    }
    const state = await chargeStateOf(packet, outcome, this.ledger)
    return state === 'fresh' || state === 'posted' ? reply : refuseCharge(packet, legs, state, this.refuse)
  }
}

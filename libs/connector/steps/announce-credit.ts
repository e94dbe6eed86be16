import type { Ledger, LedgerTransfer } from '@kivuko/accounting'
import { type Prepare, type Reply } from '@kivuko/ilp'
import { type Logger, messageOf } from '@kivuko/platform'
import type { ConnectorMetrics } from '../connector-metrics.js'
import type { LocalDestination, LocalReceiver, Refusal } from '../local-receiver.js'
import { destinationOf, type Packet } from '../packet.js'
import { creditTo, readRecordedCharge } from '../recorded-charge.js'
import type { Refuse } from '../refuse.js'
import type { Handler, Step } from '../step.js'
import { Unanswered } from '../unanswered.js'

interface AnnounceCreditParts {
  readonly receiver: LocalReceiver
  readonly ledger: Ledger
  readonly logger: Logger
  readonly metrics: Pick<ConnectorMetrics, 'keptSurplus'>
}

/**
 * A packet that ends here is shown to the receiver first: what it cannot fulfill, a probe above all, is answered at
 * once. Only what would be fulfilled is announced, and only that comes to the ledger, in the amount that the receiver takes.
 */
export function announceCredit({ receiver, ledger, logger, metrics }: AnnounceCreditParts, refuse: Refuse): Step {
  return (next) => (packet) => {
    const destination = destinationOf(packet)
    return destination.kind === 'peer' ? next(packet) : show(packet, destination, next)
  }

  async function show(packet: Packet, destination: LocalDestination, next: Handler): Promise<Reply> {
    const reply = await receiver.receive(asDelivered(packet), destination)
    packet.localReply = reply
    if (reply.type === 'reject') return reply
    return packet.destinationAmount === 0n ? next(packet) : announced(packet, destination, reply, next)
  }

  async function announced(packet: Packet, to: LocalDestination, reply: Reply, next: Handler): Promise<Reply> {
    const brought = packet.destinationAmount
    const taken = (await receiver.announce(to, brought)) ?? brought
    if (typeof taken !== 'bigint') return refused(packet, to, reply, taken)
    // What is not taken is not charged to the destination's side: it stays in its asset's liquidity.
    packet.destinationAmount = taken
    let isCredited = false
    try {
      const outcome = await next(packet)
      if (outcome.type === 'reject') return outcome
      isCredited = !packet.isRepeated
    } finally {
      if (isCredited) credit(to, taken)
      else release(packet, to, taken)
    }
    if (isCredited && taken < brought) noteSurplus(to, brought - taken)
    return receiver.answer(reply, to, packet.destinationAmount, packet.isRepeated)
  }

  /** The packet that completed the payment may come again: it is answered as it was. */
  async function refused(packet: Packet, to: LocalDestination, reply: Reply, refusal: Refusal): Promise<Reply> {
    const before = await readRecordedCharge(ledger, packet).catch(unanswered)
    const credit = before && creditTo(before, to)
    if (credit?.state === 'posted') return receiver.answer(reply, to, credit.amount, true)
    // Charged on another way, or on its way still: nothing of ours may deny it.
    if (before && (before.isChargedLate || before.legs.some(isStanding))) throw new Unanswered('charged on another way')
    return refuse(packet, refusal.code, refusal.message, refusal.data)
  }

  function release({ isOvertaken, isUncertain }: Packet, to: LocalDestination, amount: bigint): void {
    receiver.released(to, amount)
    if (isOvertaken) receiver.overtaken(to)
    if (isUncertain) receiver.uncertain(to).catch((err) => note(err, to, amount))
  }

  /** Not awaited: the ledger has the money, the sender gets its answer, and the payment's row follows. */
  function credit(to: LocalDestination, amount: bigint): void {
    receiver.credited(to, amount).catch((err) => note(err, to, amount))
  }

  function note(err: unknown, { kind, id }: LocalDestination, amount: bigint): void {
    logger.error({ err, [kind]: id, amount: amount.toString() }, 'a credit could not be told to its receiver')
  }

  function noteSurplus({ kind, id, asset }: LocalDestination, surplus: bigint): void {
    metrics.keptSurplus(asset, surplus)
    logger.info(
      { [kind]: id, surplus: surplus.toString(), asset: asset.code },
      'a packet brought more than was asked for',
    )
  }
}

function isStanding({ state }: LedgerTransfer): boolean {
  return state === 'posted' || state === 'pending'
}

/** The packet may have been credited when it came first, which a refusal would deny. */
function unanswered(cause: unknown): never {
  throw new Unanswered(messageOf(cause), { cause })
}

function asDelivered({ prepare, destinationAmount }: Packet): Prepare {
  return destinationAmount === prepare.amount ? prepare : { ...prepare, amount: destinationAmount }
}

import type { Ledger, LedgerId, LedgerTransfer } from '@kivuko/accounting'
import type { Reject, Reply } from '@kivuko/ilp'
import { BatchedReads, messageOf } from '@kivuko/platform'
import type { ChargingDependencies } from '../charging-dependencies.js'
import { ExistingCharges } from '../existing-charges.js'
import { ledgerIdOf, type Packet } from '../packet.js'
import { idsOfCharge, type RecordedCharge, recordedChargeFrom } from '../recorded-charge.js'
import type { Refuse } from '../refuse.js'
import type { Step } from '../step.js'
import { Unanswered } from '../unanswered.js'

// A flood of packets that are refused is read in statements of bounded size.
const PACKETS_PER_READ = 200

/**
 * What can be refused without money is refused before the ledger is asked for anything. But bytes that are reserved or
 * posted already are never rejected, by whatever rule: this process may have begun after them, may have forgotten them, or
 * another one may have taken them. So the ledger is read before a reject of ours leaves that it had no part in.
 */
export function answerCharged(dependencies: ChargingDependencies, refuse: Refuse): Step {
  const existing = new ExistingCharges(dependencies, refuse)
  const reads = new BatchedReads<Packet, RecordedCharge>((packets) => readAll(dependencies.ledger, packets))
  return (next) => (packet) =>
    next(packet).then((reply) => (isFinal(packet, reply) ? reply : unlessCharged(packet, reply)))

  async function unlessCharged(packet: Packet, reply: Reject): Promise<Reply> {
    const recorded = await reads.find(packet).catch((cause) => {
      throw new Unanswered(messageOf(cause), { cause })
    })
    const state = recorded?.legs[0]?.state
    if (recorded === undefined || (!recorded.isChargedLate && (state === 'voided' || state === 'expired'))) return reply
    const answer = await existing.answer(packet, recorded, { mayTakeOver: false })
    return answer.kind === 'answered' ? answer.reply : reply
  }
}

/** Fulfilled, told by the ledger, or of a kind that charges nothing. Our own payments send no packet twice. */
function isFinal(packet: Packet, reply: Reply): reply is Exclude<Reply, Reject> {
  if (reply.type === 'fulfill' || packet.ledgerWasAsked || packet.source.kind === 'payment') return true
  return packet.prepare.amount === 0n
}

async function readAll(ledger: Ledger, packets: readonly Packet[]): Promise<ReadonlyMap<Packet, RecordedCharge>> {
  const found = new Map<LedgerId, LedgerTransfer>()
  for (let from = 0; from < packets.length; from += PACKETS_PER_READ) {
    const ids = packets.slice(from, from + PACKETS_PER_READ).flatMap((packet) => idsOfCharge(ledgerIdOf(packet)))
    for (const [id, transfer] of await ledger.lookup(ids)) found.set(id, transfer)
  }
  const recorded = packets.map((packet) => [packet, recordedChargeFrom(found, ledgerIdOf(packet))] as const)
  return new Map(recorded.flatMap(([packet, charge]) => (charge ? [[packet, charge] as const] : [])))
}

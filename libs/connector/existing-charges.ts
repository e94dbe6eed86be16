import { type LedgerTransfer, uuidFromId } from '@kivuko/accounting'
import { type Fulfill, fulfillmentMatches, type Reply } from '@kivuko/ilp'
import { messageOf } from '@kivuko/platform'
import { chargeReferenceOf } from './charge-reference.js'
import { refuseEnded } from './charge-state.js'
import type { ChargingDependencies } from './charging-dependencies.js'
import { fulfillFrom } from './kept-answer.js'
import { ledgerIdOf, type Packet } from './packet.js'
import { type PeerAccount, peerAccount } from './peer-account.js'
import { type RecordedCharge, readRecordedCharge } from './recorded-charge.js'
import type { Refuse } from './refuse.js'
import { Unanswered } from './unanswered.js'

/** `take-over`: nobody owns the reservation any more, and its next hop may get the same bytes once more. */
export type ExistingAnswer =
  | { readonly kind: 'answered'; readonly reply: Reply }
  | { readonly kind: 'take-over'; readonly reservation: LedgerTransfer; readonly destination: PeerAccount }

const FIRST_LOOK_MS = 50
const LONGEST_LOOK_MS = 1_000

/**
 * Answers bytes that the ledger knows already, which are neither charged nor sent again. Posted: with the fulfillment that
 * was kept, else not at all. Reserved: as the process that owns the reservation is answered.
 */
export class ExistingCharges {
  constructor(
    private readonly dependencies: ChargingDependencies,
    private readonly refuse: Refuse,
  ) {}

  /** Throws Unanswered when the ledger cannot be read: what it has of the packet is then not known. */
  async read(packet: Packet): Promise<RecordedCharge> {
    const recorded = await readRecordedCharge(this.dependencies.ledger, packet).catch(unanswered)
    if (recorded === undefined) throw new Unanswered('the ledger has the packet, and did not show it')
    return recorded
  }

  /** Waits for the owner's outcome until the packet expires; throws Unanswered when there is none by then. */
  async answer(packet: Packet, first: RecordedCharge, { mayTakeOver = true } = {}): Promise<ExistingAnswer> {
    let recorded = first
    for (let waitMs = FIRST_LOOK_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_LOOK_MS)) {
      const decided = await this.decided(packet, recorded)
      if (decided && (mayTakeOver || decided.kind === 'answered')) return decided
      const leftMs = this.latestMs(packet) - this.dependencies.clock.nowMs()
      if (leftMs <= 0) throw new Unanswered('the packet is under way, and its outcome was not known before it expired')
      const told = await this.outcomeFromOwner(packet, recorded, Math.min(waitMs, leftMs))
      if (told) return { kind: 'answered', reply: told }
      recorded = await this.read(packet)
    }
  }

  /** Reads until the ledger answers. For work in the background. */
  async untilRead<T>(call: () => Promise<T>, packet: Packet): Promise<T> {
    for (let waitMs = FIRST_LOOK_MS; ; waitMs = Math.min(2 * waitMs, 5 * LONGEST_LOOK_MS)) {
      try {
        return await call()
      } catch (error) {
        this.dependencies.logger.debug({ packet: String(ledgerIdOf(packet)), err: error }, 'the ledger is asked again')
        await pause(waitMs)
      }
    }
  }

  private async decided(packet: Packet, recorded: RecordedCharge): Promise<ExistingAnswer | undefined> {
    const [reservation] = recorded.legs
    if (recorded.isChargedLate || reservation === undefined || reservation.state === 'posted') {
      return { kind: 'answered', reply: await this.keptAnswer(packet, recorded) }
    }
    if (reservation.state === 'voided') return this.ended(packet, 'voided')
    const owner = chargeReferenceOf(reservation)?.ownerId
    const isGone = owner === undefined || this.dependencies.processes.isGone(owner)
    // A living owner may be about to charge it: its next hop has fulfilled it while the ledger was away.
    if (reservation.state === 'expired') return isGone ? this.ended(packet, 'expired') : undefined
    return isGone ? this.takeOver(packet, recorded) : undefined
  }

  private async ended(packet: Packet, state: 'voided' | 'expired'): Promise<ExistingAnswer> {
    return { kind: 'answered', reply: await refuseEnded(packet, state, this.refuse) }
  }

  private async keptAnswer(packet: Packet, recorded: RecordedCharge): Promise<Fulfill> {
    const { ledger } = this.dependencies
    const kept = await ledger.keptAnswer(ledgerIdOf(packet)).catch(unanswered)
    const answer = kept && fulfillFrom(kept)
    if (answer && fulfillmentMatches(packet.prepare.executionCondition, answer.fulfillment)) return answer
    await this.listAnswerGone(packet, recorded)
    throw new Unanswered('the packet was fulfilled before, and its answer is not kept any more')
  }

  /** Listed under the source, which may count the packet as lost. Of one that ended here, its receiver can be asked. */
  private async listAnswerGone(packet: Packet, { legs }: RecordedCharge): Promise<void> {
    const { source, prepare } = packet
    // Its next hop may have been deleted since.
    const wasForwarded = legs.some(
      (leg) => chargeReferenceOf(leg) !== undefined || this.peerOf(leg.creditAccountId) !== undefined,
    )
    if (source.kind !== 'peer' || (legs.length > 0 && !wasForwarded)) return
    const of = {
      ledgerId: ledgerIdOf(packet),
      tenantId: source.tenantId,
      condition: Buffer.from(prepare.executionCondition),
    }
    await this.dependencies.differences
      .note({
        ...of,
        kind: 'answer-gone',
        peerId: source.id,
        sourcePeerId: source.id,
        paymentId: undefined,
        amount: prepare.amount,
      })
      .catch(unanswered)
  }

  private takeOver(packet: Packet, recorded: RecordedCharge): ExistingAnswer | undefined {
    const { transport, clock, minMessageWindowMs } = this.dependencies
    const [first] = recorded.legs
    const reference = first && chargeReferenceOf(first)
    // Nothing of how it was sent is known, so it stays for who ends what was abandoned.
    if (reference === undefined || packet.source.kind === 'payment') return undefined
    if (reference.deliveryExpiresAtMs - clock.nowMs() < minMessageWindowMs / 2) return undefined
    for (const reservation of recorded.legs) {
      const destination = this.peerOf(reservation.creditAccountId)
      if (destination && isOneNode(destination) && transport.chargesRepeatsOnce(destination.peer)) {
        return { kind: 'take-over', reservation, destination }
      }
    }
    return undefined
  }

  private peerOf(accountId: bigint): PeerAccount | undefined {
    const peer = this.dependencies.peers.find(uuidFromId(accountId))
    return peer && peerAccount(peer)
  }

  /** The reply of the process that sent the packet, as soon as it has one. */
  private async outcomeFromOwner(packet: Packet, { legs }: RecordedCharge, waitMs: number): Promise<Reply | undefined> {
    const { ownerOutcomes, processes } = this.dependencies
    const owner = legs[0] && chargeReferenceOf(legs[0])?.ownerId
    if (owner === undefined || owner === processes.ownId) return pause(waitMs).then(() => undefined)
    return ownerOutcomes.ask(owner, ledgerIdOf(packet), waitMs)
  }

  private latestMs({ prepare, receivedAtMs }: Packet): number {
    return Math.min(prepare.expiresAt.getTime(), receivedAtMs + this.dependencies.maxHoldTimeMs)
  }
}

/** Of several nodes, the one that the bytes went to first is not known here: another would charge them again. */
function isOneNode({ peer: { outgoingOptions } }: PeerAccount): boolean {
  if (outgoingOptions === undefined) return true
  return outgoingOptions.endpointsAreOneNode || outgoingOptions.furtherEndpoints.length === 0
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function unanswered(cause: unknown): never {
  throw new Unanswered(messageOf(cause), { cause })
}

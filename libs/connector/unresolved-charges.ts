import type { Reply } from '@kivuko/ilp'
import { messageOf } from '@kivuko/platform'
import type { BookDifference, DifferenceKind } from './book-differences.js'
import type { ChargingDependencies } from './charging-dependencies.js'
import type { FulfilledCharge } from './late-charges.js'
import type { Packet } from './packet.js'

const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 5_000
const NO_PATIENCE_MS = 0

type Dependencies = Pick<ChargingDependencies, 'confirmations' | 'differences' | 'ledgerOutageSeconds' | 'logger'>

/**
 * Packets whose source was told R00 before their next hop had answered. A late reject proves that nothing was taken. A
 * late fulfill proves that our own payment has arrived; of a packet that we forwarded it comes too late, and the next hop
 * charges us for it. What nobody answers any more is given back to the source, and listed first: it may be charged to us.
 */
export class UnresolvedCharges {
  constructor(private readonly dependencies: Dependencies) {}

  /** `reply` undefined: none can come any more. */
  settle(packet: Packet, charge: FulfilledCharge, reply: Reply | undefined): void {
    const { confirmations } = this.dependencies
    const ids = charge.legs.map(({ id }) => id)
    if (reply?.type === 'reject') confirmations.track(confirmations.void(ids, NO_PATIENCE_MS))
    else if (packet.source.kind === 'peer') {
      const kind = reply === undefined ? 'released' : 'fulfilled-late'
      confirmations.track(this.listAndRelease(differenceOf(packet, charge, kind), charge))
    } else if (reply !== undefined) confirmations.track(confirmations.post(charge, NO_PATIENCE_MS))
    // Of our own payments nothing is concluded here: their receiver's total tells which packets arrived.
  }

  private async listAndRelease(difference: BookDifference, charge: FulfilledCharge): Promise<void> {
    const { confirmations, differences, ledgerOutageSeconds, logger } = this.dependencies
    const attempts = Math.ceil((ledgerOutageSeconds * 1_000) / LONGEST_RETRY_MS)
    let waitMs = FIRST_RETRY_MS
    for (let attempt = 1; attempt <= attempts; attempt++) {
      try {
        await differences.note(difference)
        return await confirmations.void(
          charge.legs.map(({ id }) => id),
          NO_PATIENCE_MS,
        )
      } catch (error) {
        logger.warn(
          { packet: String(charge.packetId), cause: messageOf(error) },
          'a packet without an answer is not listed yet',
        )
        await new Promise((resolve) => setTimeout(resolve, waitMs))
        waitMs = Math.min(2 * waitMs, LONGEST_RETRY_MS)
      }
    }
    // Its timeout ends it, and reservations that ended so are listed as well.
    logger.error({ packet: String(charge.packetId) }, 'a packet without an answer could not be listed')
  }
}

export function differenceOf(packet: Packet, charge: FulfilledCharge, kind: DifferenceKind): BookDifference {
  const { source, destination, prepare, destinationAmount } = packet
  return {
    ledgerId: charge.packetId,
    kind,
    tenantId: source.tenantId,
    peerId: destination?.id,
    sourcePeerId: source.kind === 'peer' ? source.id : undefined,
    paymentId: undefined,
    amount: destinationAmount,
    // A view of bytes that are not ours for long.
    condition: Buffer.from(prepare.executionCondition),
  }
}

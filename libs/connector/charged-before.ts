import { type Ledger, type LedgerId, legId, type TransferState } from '@kivuko/accounting'

export interface ChargedBefore {
  readonly state: TransferState
  /** What was recorded then; today's rate, and what its receiver still takes, may be others. */
  readonly destinationAmount: bigint
}

/**
 * What the ledger recorded when the same packet came first. Undefined when it went to another account then: it cannot
 * be sent there again, and sending it elsewhere would pay two for one charge.
 */
export async function chargedBefore(
  ledger: Ledger,
  packetId: LedgerId,
  destinationId: LedgerId,
): Promise<ChargedBefore | undefined> {
  // A packet has a leg or two, and which of them is the destination's depends on the assets and on a surplus.
  const recorded = await ledger.lookup([packetId, legId(packetId, 1)])
  const credit = [...recorded.values()].find(({ creditAccountId }) => creditAccountId === destinationId)
  return credit && { state: credit.state, destinationAmount: credit.amount }
}

import type { Ledger, LedgerId, Leg, TransferState } from '@kivuko/accounting'

export interface ChargedBefore {
  readonly state: TransferState
  /** What was recorded then; today's rate may be another. */
  readonly destinationAmount: bigint
}

/**
 * What the ledger recorded when the same packet came first. Undefined when it went to another account then: it cannot
 * be sent there again, and sending it elsewhere would pay two for one charge.
 */
export async function chargedBefore(
  ledger: Ledger,
  legs: readonly Leg[],
  destinationId: LedgerId,
): Promise<ChargedBefore | undefined> {
  const recorded = await ledger.lookup(legs.map(({ id }) => id))
  const last = recorded.get(legs.at(-1)?.id ?? 0n)
  if (!last || last.creditAccountId !== destinationId) return undefined
  return { state: last.state, destinationAmount: last.amount }
}

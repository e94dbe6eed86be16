/**
 * What the STREAM connections that want receipts have brought so far, over all processes of the node. Only what the ledger
 * has credited is added, so that no receipt promises more.
 */
export abstract class ConnectionTotals {
  /**
   * Adds and returns the total. Undefined when that cannot be told now: the amount may be missing in all later totals, too.
   * Never throws.
   */
  abstract add(connectionId: string, amount: bigint): Promise<bigint | undefined>

  /** Lets go of what is its own. */
  async onApplicationShutdown(): Promise<void> {}
}

/** RFC 39 lets a receiver forget. A sender that pauses longer than this gets receipts that begin again at 0. */
export const KEPT_SECONDS = 86_400

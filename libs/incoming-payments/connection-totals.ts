// Connections that receive money at the same time; the least recently used make room.
const MAX_CONNECTIONS = 10_000

/** What each STREAM connection has brought so far, for its receipts. In memory: after a restart it counts from 0 again. */
export class ConnectionTotals {
  private readonly totals = new Map<string, bigint>()

  /** Adds an amount and returns the total; what does not arrive after all is added again with the other sign. */
  add(connectionId: string, amount: bigint): bigint {
    const total = (this.totals.get(connectionId) ?? 0n) + amount
    this.totals.delete(connectionId)
    this.totals.set(connectionId, total)
    const [oldest] = this.totals.keys()
    if (this.totals.size > MAX_CONNECTIONS && oldest !== undefined) this.totals.delete(oldest)
    return total
  }
}

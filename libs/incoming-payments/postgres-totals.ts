import { BatchedReads, type Clock, type DataSource, type Logger, messageOf } from '@kivuko/platform'
import { ConnectionTotals, KEPT_SECONDS } from './connection-totals.js'
import { addToTotals } from './connection-totals.queries.js'

/** One statement for all packets that ask while the one before is under way. */
export class PostgresTotals extends ConnectionTotals {
  private readonly waiting = new Map<string, bigint>()
  private readonly totals: BatchedReads<string, bigint>

  constructor(
    private readonly dataSource: Pick<DataSource, 'manager'>,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {
    super()
    this.totals = new BatchedReads((connectionIds) => this.write(connectionIds))
  }

  async add(connectionId: string, amount: bigint): Promise<bigint | undefined> {
    this.waiting.set(connectionId, (this.waiting.get(connectionId) ?? 0n) + amount)
    try {
      return await this.totals.find(connectionId)
    } catch (error) {
      this.log.debug({ connectionId }, `No receipt, the database has not counted: ${messageOf(error)}`)
      return undefined
    }
  }

  /** Whether a statement that failed has counted is not known, so its amounts are not added a second time. */
  private write(connectionIds: readonly string[]): Promise<ReadonlyMap<string, bigint>> {
    const amounts = connectionIds.map((id) => this.waiting.get(id) ?? 0n)
    for (const id of connectionIds) this.waiting.delete(id)
    const now = this.clock.now()
    const until = new Date(now.getTime() + KEPT_SECONDS * 1_000)
    return addToTotals(this.dataSource.manager, { connectionIds, amounts, now, until })
  }
}

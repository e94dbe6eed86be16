import { type Logger, messageOf, type RedisCounters } from '@kivuko/platform'
import { ConnectionTotals, KEPT_SECONDS } from './connection-totals.js'

/** One command of Redis for each packet that gets a receipt. */
export class RedisTotals extends ConnectionTotals {
  constructor(
    private readonly counters: RedisCounters,
    private readonly log: Logger,
  ) {
    super()
  }

  async add(connectionId: string, amount: bigint): Promise<bigint | undefined> {
    try {
      return await this.counters.add(`stream-total:${connectionId}`, amount, KEPT_SECONDS)
    } catch (error) {
      this.log.debug({ connectionId }, `No receipt, Redis has not counted: ${messageOf(error)}`)
      return undefined
    }
  }

  override async onApplicationShutdown(): Promise<void> {
    this.counters.close()
  }
}

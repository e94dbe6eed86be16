import type { Client } from 'pg'
import type { ObjectLiteral } from 'typeorm'
import { messageOf } from '../errors.js'
import type { Logger } from '../logging/logger.js'
import { type GroupMember, StatementLane } from './statement-lane.js'

/** Where a statement that answers rows runs, a select or an insert: in the caller's transaction, alone, or with others. */
export interface Queries {
  query<Row extends ObjectLiteral>(text: string, values: unknown[]): Promise<Row[]>
}

interface Waiting extends GroupMember {
  settle(): void
  fail(error: unknown): void
  runAlone(alone: Queries): void
}

export interface GroupedStatementsOptions {
  readonly url: string
  readonly applicationName: string
  /** Runs a statement by itself. */
  readonly alone: Queries
  readonly log: Logger
}

// While one group waits for the disk, the next one is executed.
const LANES = 2
// A transaction stays in the milliseconds.
const MAX_MEMBERS = 64

/**
 * Runs statements that many callers have at the same time in one transaction: one commit, and one trip to the server and
 * back, for all that came while the groups before were under way. Each caller is answered as if its statement had run
 * alone: when one does not pass, all of its group run again one by one. For short statements without a transaction of their
 * own, by callers that hold no lock.
 */
export class GroupedStatements implements Queries {
  private waiting: Waiting[] = []
  private readonly lanes: readonly StatementLane[]
  private isScheduled = false
  private readonly underWay = new Set<Promise<void>>()

  constructor(private readonly options: GroupedStatementsOptions) {
    const { url, applicationName, log } = options
    const onBroken = (error: Error) => log.warn(`A connection for grouped statements broke: ${messageOf(error)}`)
    this.lanes = Array.from({ length: LANES }, () => new StatementLane(url, applicationName, onBroken))
  }

  query<Row extends ObjectLiteral>(text: string, values: unknown[]): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      let rows: Row[] = []
      this.waiting.push({
        send: async (client: Client) => {
          rows = (await client.query<Row>(text, values)).rows
        },
        settle: () => resolve(rows),
        fail: reject,
        runAlone: (alone) => void alone.query<Row>(text, values).then(resolve, reject),
      })
      this.schedule()
    })
  }

  /** After the last caller: resolves when all are answered. */
  async close(): Promise<void> {
    while (this.underWay.size > 0 || this.waiting.length > 0) {
      this.next()
      await Promise.all(this.underWay)
    }
    await Promise.all(this.lanes.map((lane) => lane.close()))
  }

  /** The end of the event loop's turn: callers who were answered together ask again together. */
  private schedule(): void {
    if (this.isScheduled || this.lanes.every(({ isBusy }) => isBusy)) return
    this.isScheduled = true
    setImmediate(() => {
      this.isScheduled = false
      this.next()
    })
  }

  private next(): void {
    const lane = this.lanes.find(({ isBusy }) => !isBusy)
    if (lane === undefined || this.waiting.length === 0) return
    const run = this.write(lane, this.waiting.splice(0, MAX_MEMBERS)).finally(() => this.underWay.delete(run))
    this.underWay.add(run)
    if (this.waiting.length > 0) this.schedule()
  }

  private async write(lane: StatementLane, members: readonly Waiting[]): Promise<void> {
    lane.isBusy = true
    try {
      const isConnected = await lane.connected().then(
        () => true,
        () => false,
      )
      if (isConnected && (await lane.write(members))) for (const member of members) member.settle()
      else for (const member of members) member.runAlone(this.options.alone)
    } catch (error) {
      for (const member of members) member.fail(error)
    }
    lane.isBusy = false
    if (this.waiting.length > 0) this.schedule()
  }
}

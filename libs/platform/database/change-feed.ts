import type { Clock } from '../clock.js'
import type { Logger } from '../logging/logger.js'
import type { Db } from './database.js'
import { ListenConnection } from './listen-connection.js'
import { NodeProcesses } from './node-processes.js'
import { type OnChange, Subscription } from './subscription.js'

const CHANNEL = 'kivuko_changes'

// A question on the listening connection proves it alive, and brings every change committed before the answer.
const HEARTBEAT_MS = 1_500

export interface ChangeFeedOptions {
  readonly url: string
  readonly maxSilenceMs: number
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Keeps memory fresh over all processes: who changes a row publishes its key in the same transaction, and every
 * subscriber reads it again after the commit (Postgres LISTEN/NOTIFY).
 */
export class ChangeFeed {
  private readonly subscriptions = new Map<string, Subscription[]>()
  private readonly connection: ListenConnection
  private aliveAtMs: number

  /** Which processes of the node are running. */
  readonly processes: NodeProcesses

  constructor(private readonly options: ChangeFeedOptions) {
    this.aliveAtMs = options.clock.nowMs()
    this.processes = new NodeProcesses(options.clock)
    this.connection = new ListenConnection({
      url: options.url,
      channel: CHANNEL,
      heartbeatMs: HEARTBEAT_MS,
      answerTimeoutMs: options.maxSilenceMs,
      log: options.log,
      session: this.processes.session,
      heartbeat: { text: this.processes.question, onAnswer: (rows) => this.processes.answered(rows) },
      onAlive: () => this.markAlive(),
      onNotification: (payload) => this.dispatch(payload),
      onReconnected: () => this.reloadAll(),
    })
  }

  /** Listens before anything is read into memory, so that no change falls between. */
  async start(): Promise<void> {
    await this.connection.open()
  }

  /** Tells every process, this one included, after the caller's transaction has committed. */
  async publish(db: Db, topic: string, key: string): Promise<void> {
    await db.query('select pg_notify($1, $2)', [CHANNEL, `${topic} ${key}`])
  }

  /** The same as a call within the caller's own statement, whose values it adds to. */
  call(values: unknown[], topic: string, key: string): string {
    values.push(CHANNEL, `${topic} ${key}`)
    return `pg_notify($${values.length - 1}, $${values.length})`
  }

  /** `onChange` gets one key at a time, or undefined when everything has to be read again (after a reconnect). */
  subscribe(topic: string, onChange: OnChange): void {
    const subscription = new Subscription(topic, onChange, this.options.clock, this.options.log)
    this.subscriptions.set(topic, [...(this.subscriptions.get(topic) ?? []), subscription])
  }

  /** Time since memory was last known to be fresh: the connection alive, and every change taken over. */
  ageMs(): number {
    // Asked for each packet: without a list of its own.
    let sinceMs = this.aliveAtMs
    for (const ofTopic of this.subscriptions.values()) {
      for (const { failingSinceMs } of ofTopic) sinceMs = Math.min(sinceMs, failingSinceMs ?? sinceMs)
    }
    return this.options.clock.nowMs() - sinceMs
  }

  /** True when memory may be stale for longer than allowed: packets must not be taken then. */
  isSilent(): boolean {
    return this.ageMs() > this.options.maxSilenceMs
  }

  /** Hears nothing more, and waits for what is being read. */
  async close(): Promise<void> {
    await this.connection.close()
    await Promise.all([...this.subscriptions.values()].flat().map((subscription) => subscription.close()))
  }

  private markAlive(): void {
    this.aliveAtMs = this.options.clock.nowMs()
  }

  private dispatch(payload: string): void {
    const space = payload.indexOf(' ')
    const topic = payload.slice(0, space)
    for (const subscription of this.subscriptions.get(topic) ?? []) subscription.changed(payload.slice(space + 1))
  }

  private reloadAll(): void {
    for (const subscription of [...this.subscriptions.values()].flat()) subscription.changed(undefined)
  }
}

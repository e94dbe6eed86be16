import { type JobsOptions, Queue } from 'bullmq'
import type { Counter } from 'prom-client'
import { messageOf } from '../errors.js'
import type { Logger } from '../logging/logger.js'
import type { Metrics } from '../metrics/metrics.js'
import { JobQueue, type RingOptions } from './job-queue.js'
import type { QueueConnection } from './queue-connection.js'

/** What a processor gets: enough to find the row, nothing to go stale. */
export interface Ring {
  readonly id: string
}

// BullMQ keeps a log of events that nobody here reads; a short one keeps its table small.
const KEPT_EVENTS = 100

/** The doorbell on BullMQ: one statement, or one command of Redis, a ring. */
export class BullmqQueue extends JobQueue {
  private readonly queues = new Map<string, Promise<Queue<Ring>>>()
  private readonly missed: Counter
  private closed = false

  constructor(
    private readonly connection: QueueConnection,
    private readonly log: Logger,
    metrics: Metrics,
  ) {
    super()
    this.missed = metrics.counter('kivuko_rings_missed_total', 'Rings that failed; the sweep makes up for them', [
      'queue',
    ])
  }

  async ring(queue: string, id: string, { delayMs = 0 }: RingOptions = {}): Promise<void> {
    if (this.closed) return
    try {
      const bell = await this.open(queue)
      await bell.add(queue, { id }, ringOptions(id, delayMs))
    } catch (error) {
      this.missed.inc({ queue })
      this.log.warn({ queue, id }, `Could not ring ${queue} for ${id}, the sweep will: ${messageOf(error)}`)
    }
  }

  async close(): Promise<void> {
    this.closed = true
    const opened = await Promise.allSettled(this.queues.values())
    await Promise.all(opened.map((queue) => (queue.status === 'fulfilled' ? queue.value.close() : undefined)))
  }

  private open(name: string): Promise<Queue<Ring>> {
    const known = this.queues.get(name)
    if (known) return known
    const opening = this.connect(name)
    this.queues.set(name, opening)
    // A queue that could not be reached once would stay unreachable: BullMQ keeps the failure.
    opening.catch(() => this.queues.delete(name))
    return opening
  }

  private async connect(name: string): Promise<Queue<Ring>> {
    const queue = new Queue<Ring>(name, {
      ...this.connection.forBells,
      streams: { events: { maxLen: KEPT_EVENTS } },
    })
    queue.on('error', (error) => this.log.warn({ queue: name }, `Queue ${name}: ${messageOf(error)}`))
    await queue.waitUntilReady()
    return queue
  }
}

/**
 * Ringing again for what is already waiting adds nothing; ringing for what is being worked on has it looked at once
 * more afterwards. A later ring has a place of its own, so that it never holds back one that is due now.
 */
function ringOptions(id: string, delayMs: number): JobsOptions {
  const deduplication = { id: delayMs > 0 ? `${id} later` : id, keepLastIfActive: true }
  return { delay: delayMs, deduplication, removeOnComplete: true, removeOnFail: true }
}

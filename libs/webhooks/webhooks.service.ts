import {
  type Clock,
  type DataSource,
  type Db,
  DomainError,
  type JobQueue,
  newRowId,
  type Page,
  type PageRequest,
  readPage,
} from '@kivuko/platform'
import { Injectable } from '@nestjs/common'
import type { WebhookType } from './event-types.js'
import { type EventContent, NewEvent } from './new-event.js'
import { OneAtATime } from './one-at-a-time.js'
import { type ReplaySelection, replayEvents } from './replay.queries.js'
import type { WebhookDelivery } from './webhook-delivery.js'
import { WebhookEvent, type WebhookState } from './webhook-event.entity.js'
import { deleteDelivered, insertEvent } from './webhook-events.queries.js'

/** Something the operator is told. Bigints in `data` are written as strings. */
export interface WebhookNotice {
  /** Repeating an id changes nothing. Left out: a new one. */
  readonly id?: string
  readonly tenantId: string
  readonly type: WebhookType
  readonly data: Readonly<Record<string, unknown>>
  /** Id of the payment, peer, … it is about: events of one resource arrive in the order they were written. */
  readonly resource: string
}

/** Which events to list; what is left out does not narrow. */
export interface WebhookFilter {
  readonly types?: readonly string[]
  readonly states?: readonly WebhookState[]
}

// Short locks, and far more than arrive between two rounds.
const CLEAN_UP_ROWS = 5_000

/** The queue this room rings; the worker answers with `deliverDue()`. */
export const WEBHOOKS_QUEUE = 'webhooks'

@Injectable()
export class WebhooksService {
  private readonly bell: OneAtATime

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly delivery: WebhookDelivery,
    jobQueue: JobQueue,
  ) {
    this.bell = new OneAtATime(() => jobQueue.ring(WEBHOOKS_QUEUE, 'due'))
  }

  /**
   * Writes the event with the caller's transaction, so that it exists exactly if its cause does. The caller holds the
   * resource's row, which keeps the order per resource; after its commit it calls `ring()`.
   */
  async record(db: Db, notice: WebhookNotice): Promise<string> {
    const content = this.contentOf(notice)
    await this.write(db, new NewEvent(content, undefined))
    return content.id
  }

  /** For a statement that writes the event itself (`NewEvent.call`), or for `write()`; `deliver()` follows the commit. */
  prepare(notice: WebhookNotice): NewEvent {
    const { tenantId, resource } = notice
    const { delivery } = this
    return new NewEvent(this.contentOf(notice), delivery.leaseFor(tenantId), delivery.gathered.of(tenantId, resource))
  }

  /** True: the event is this process's to deliver. */
  write(db: Db, event: NewEvent): Promise<boolean> {
    return insertEvent(db, event)
  }

  /** Once a prepared event is committed. `isOurs`: what the call that wrote it answered. */
  async deliver(event: NewEvent, isOurs: boolean): Promise<void> {
    const { claimed, done } = event
    if (done !== undefined) this.delivery.gathered.writtenDown(done)
    if (claimed === undefined) await this.bell.run()
    else if (isOurs) this.delivery.begin(claimed)
    else this.delivery.deliverMore()
  }

  /** Tells whoever delivers that something is due. Calls made while the bell rings are one ring together. */
  async ring(): Promise<void> {
    if (this.delivery.hasRoom) this.delivery.deliverMore()
    else await this.bell.run()
  }

  /** From now on this process delivers what it writes, without a job for it; what it has no place for is rung for. */
  startDelivering(): void {
    this.delivery.isServing = true
  }

  /** What is under way goes on. */
  stopDelivering(): void {
    this.delivery.isServing = false
  }

  deliverDue(): Promise<void> {
    return this.delivery.deliverDue()
  }

  /** Delivers the chosen events once more, with all their retries; returns how many. */
  async replay(tenantId: string, selection: ReplaySelection): Promise<number> {
    const replayed = await replayEvents(this.dataSource.manager, tenantId, selection, this.clock.now())
    if (replayed > 0) await this.ring()
    return replayed
  }

  async get(tenantId: string, id: string): Promise<WebhookEvent> {
    const event = await this.dataSource.manager.findOneBy(WebhookEvent, { id, tenantId })
    if (!event) throw new DomainError('not-found', 'UnknownWebhookEvent', `There is no webhook event "${id}"`)
    return event
  }

  list(tenantId: string | undefined, filter: WebhookFilter = {}, page?: PageRequest): Promise<Page<WebhookEvent>> {
    const query = this.dataSource.manager.createQueryBuilder(WebhookEvent, 'event')
    if (filter.types) query.andWhere('event.type = ANY(:types)', { types: filter.types })
    if (filter.states) query.andWhere('event.state = ANY(:states)', { states: filter.states })
    return readPage(query, page, { tenantId })
  }

  /** Deletes events that were delivered longer ago than this, at most `limit` at once; returns how many. */
  cleanUp(keepMs: number, limit = CLEAN_UP_ROWS): Promise<number> {
    return deleteDelivered(this.dataSource.manager, new Date(this.clock.nowMs() - keepMs), limit)
  }

  private contentOf({ id, tenantId, type, data, resource }: WebhookNotice): EventContent {
    const now = this.clock.now()
    const json = JSON.stringify(data, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
    return { id: id ?? newRowId(now.getTime()), tenantId, type, json, resource, now }
  }
}

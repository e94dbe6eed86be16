import type { ClaimedEvent, Settlement } from './webhook-events.queries.js'

/** Who writes an event may deliver it at once, until then. */
export interface WritersLease {
  readonly lease: string
  readonly endsAt: Date
}

export interface EventContent {
  readonly id: string
  readonly tenantId: string
  readonly type: string
  readonly json: string
  readonly resource: string
  readonly now: Date
}

/** An event that is about to be written. */
export class NewEvent {
  constructor(
    private readonly content: EventContent,
    private readonly lease: WritersLease | undefined,
    /** The event before it, delivered by this process: written down with this one. */
    readonly done?: Settlement,
  ) {}

  /**
   * The call that writes it, for the statement that causes it and holds its resource's row; its values are added to the
   * statement's. The call answers true when the event is this process's to deliver now. A repeated id changes nothing.
   */
  call(values: unknown[]): string {
    const { id, tenantId, type, json, resource, now } = this.content
    const own: unknown[] = [
      id,
      tenantId,
      type,
      json,
      resource,
      now,
      this.lease?.lease ?? null,
      this.lease?.endsAt ?? null,
    ]
    const { done } = this
    if (done !== undefined) own.push(done.id, done.lease, done.outcome.statusCode ?? null)
    const numbers = own.map((_, index) => `$${values.length + index + 1}`)
    values.push(...own)
    return `${done === undefined ? 'record_webhook_event' : 'record_next_webhook_event'}(${numbers.join(', ')})`
  }

  /** As whoever delivers it sees it; undefined when it was written without a lease. */
  get claimed(): ClaimedEvent | undefined {
    if (this.lease === undefined) return undefined
    const { id, tenantId, type, json, resource } = this.content
    return { id, tenantId, type, resource, data: JSON.parse(json), attempts: 1, lease: this.lease.lease }
  }
}

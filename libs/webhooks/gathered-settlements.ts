import type { ClaimedEvent, Settlement } from './webhook-events.queries.js'

// Long enough for the next event of the resource, which is written down together with it, or for others'; a process that
// dies within it leaves events that are delivered once more.
const GATHER_MS = 50

/**
 * What came of deliveries that nobody waits for: events that their writer delivered. They are written down with the next
 * event of their resource, or a little later all together.
 */
export class GatheredSettlements {
  private readonly waiting = new Map<string, Settlement>()
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly onDue: () => void,
    private readonly gatherMs = GATHER_MS,
  ) {}

  add({ tenantId, resource }: Pick<ClaimedEvent, 'tenantId' | 'resource'>, settlement: Settlement): void {
    this.waiting.set(keyOf(tenantId, resource), settlement)
    this.timer ??= setTimeout(this.onDue, this.gatherMs)
  }

  /** Of an event before this one on the same resource. It stays here until it is known to be written down. */
  of(tenantId: string, resource: string): Settlement | undefined {
    return this.waiting.get(keyOf(tenantId, resource))
  }

  writtenDown(settlement: Settlement): void {
    for (const [key, waiting] of this.waiting) {
      if (waiting !== settlement) continue
      this.waiting.delete(key)
      return
    }
  }

  get isEmpty(): boolean {
    return this.waiting.size === 0
  }

  takeAll(): Settlement[] {
    clearTimeout(this.timer)
    this.timer = undefined
    const all = [...this.waiting.values()]
    this.waiting.clear()
    return all
  }
}

function keyOf(tenantId: string, resource: string): string {
  return `${tenantId} ${resource}`
}

import { derivedId, idFromUuid, type Ledger, type LedgerId, type LedgerTransfer } from '@kivuko/accounting'

// One reading nearly always: an event is withdrawn once, and rarely a second time.
const FIRST_PAGE = 16
const MAX_PAGE = 1_024

/** A transfer that was made under one of an event's ids. `attempt`: which one, from 0. */
export interface EventTransfer {
  readonly attempt: number
  readonly transfer: LedgerTransfer
}

/**
 * The ids of the transfers that belong to an event: first the event's own, then derived ones. The next one is used only
 * when all before it have ended without effect, or can never be used: a ledger may remember ids that it has refused.
 */
export function eventTransferId(eventId: string, attempt: number): LedgerId {
  const first = idFromUuid(eventId)
  return attempt === 0 ? first : derivedId('event-transfer', first, BigInt(attempt))
}

/** What the ledger has under the ids of the event, the first attempt first. Refused ids leave gaps. */
export async function findEventTransfers(ledger: Pick<Ledger, 'lookup'>, eventId: string): Promise<EventTransfer[]> {
  const found: EventTransfer[] = []
  for (let from = 0, page = FIRST_PAGE; ; from += page, page = Math.min(2 * page, MAX_PAGE)) {
    const ids = Array.from({ length: page }, (_, index) => eventTransferId(eventId, from + index))
    const transfers = await ledger.lookup(ids)
    ids.forEach((id, index) => {
      const transfer = transfers.get(id)
      if (transfer !== undefined) found.push({ attempt: from + index, transfer })
    })
    if (transfers.size === 0) return found
  }
}

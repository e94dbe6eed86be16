import type { NewAccount } from '../account.js'
import type { LedgerId } from '../ids.js'
import type { Refusal } from '../outcome.js'
import type { Leg } from '../transfer.js'
import { hasRoom, openedAccount } from './accounts.js'
import type { Session } from './session.js'
import type { Rooms } from './transfers.js'

// Some 20 MB; a node with more accounts in use at once asks for some of them again.
const MAX_ENTRIES = 100_000

type MovedBy = 'credits' | 'both' | 'nothing'

/** A leg's accounts: which of them have a room, and how the leg is refused while one of them is not open. */
export interface Sides {
  readonly rooms: Rooms
  readonly refusal: Extract<Refusal, 'unknown-debit-account' | 'unknown-credit-account'> | undefined
}

/** Which transfers move an account's room: fixed when it is opened, so that it is asked once per account and process. */
export class AccountDirectory {
  private readonly movedBy = new Map<LedgerId, MovedBy>()

  constructor(private readonly session: Pick<Session, 'ask'>) {}

  note(account: NewAccount): void {
    if (this.movedBy.size >= MAX_ENTRIES) this.movedBy.clear()
    this.movedBy.set(account.id, movedByOf(account))
  }

  /** For each leg, in order. Accounts that are not open are looked up again at the next call. */
  async sidesOf(legs: readonly Leg[]): Promise<Sides[]> {
    const known = await this.find(legs)
    return legs.map((leg) => sidesFrom(known, leg))
  }

  /** Collected per call: another call may clear the directory while the cluster is asked. */
  private async find(legs: readonly Leg[]): Promise<ReadonlyMap<LedgerId, MovedBy>> {
    const known = new Map<LedgerId, MovedBy>()
    const missing = new Set<LedgerId>()
    for (const { debitAccountId, creditAccountId } of legs) {
      for (const id of [debitAccountId, creditAccountId]) {
        const movedBy = this.movedBy.get(id)
        if (movedBy === undefined) missing.add(id)
        else known.set(id, movedBy)
      }
    }
    if (missing.size === 0) return known
    const found = await this.session.ask((client) => client.lookupAccounts([...missing]))
    for (const account of found.map(openedAccount)) {
      if (account === undefined) continue
      this.note(account)
      known.set(account.id, movedByOf(account))
    }
    return known
  }
}

function movedByOf(account: NewAccount): MovedBy {
  if (account.limit === 'both') return 'both'
  return hasRoom(account) ? 'credits' : 'nothing'
}

function sidesFrom(known: ReadonlyMap<LedgerId, MovedBy>, { debitAccountId, creditAccountId }: Leg): Sides {
  const [debit, credit] = [known.get(debitAccountId), known.get(creditAccountId)]
  const rooms = { debit: debit === 'both', credit: credit === 'both' || credit === 'credits' }
  if (debit === undefined) return { rooms, refusal: 'unknown-debit-account' }
  return { rooms, refusal: credit === undefined ? 'unknown-credit-account' : undefined }
}

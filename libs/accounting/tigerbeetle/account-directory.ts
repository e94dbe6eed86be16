import type { NewAccount } from '../account.js'
import type { LedgerId } from '../ids.js'
import type { Leg } from '../transfer.js'
import { hasRoom, openedAccount } from './accounts.js'
import type { Session } from './session.js'
import type { Rooms } from './transfers.js'

// Some 20 MB; a node with more accounts in use at once asks for some of them again.
const MAX_ENTRIES = 100_000

/** Which transfers move an account's room: fixed when it is opened, so that it is asked once per account and process. */
export class AccountDirectory {
  private readonly movedBy = new Map<LedgerId, 'credits' | 'both' | 'nothing'>()

  constructor(private readonly session: Session) {}

  note(account: NewAccount): void {
    if (this.movedBy.size >= MAX_ENTRIES) this.movedBy.clear()
    this.movedBy.set(account.id, account.limit === 'both' ? 'both' : hasRoom(account) ? 'credits' : 'nothing')
  }

  async learn(legs: readonly Leg[]): Promise<void> {
    const missing = new Set<LedgerId>()
    for (const { debitAccountId, creditAccountId } of legs) {
      if (!this.movedBy.has(debitAccountId)) missing.add(debitAccountId)
      if (!this.movedBy.has(creditAccountId)) missing.add(creditAccountId)
    }
    if (missing.size === 0) return
    const found = await this.session.ask((client) => client.lookupAccounts([...missing]))
    for (const account of found.map(openedAccount)) if (account !== undefined) this.note(account)
  }

  /** Accounts that are not opened have none; the cluster refuses the leg. */
  roomsOf({ debitAccountId, creditAccountId }: Leg): Rooms {
    const credit = this.movedBy.get(creditAccountId)
    return { debit: this.movedBy.get(debitAccountId) === 'both', credit: credit === 'both' || credit === 'credits' }
  }
}

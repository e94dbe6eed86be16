import type { NewAccount } from '../account.js'
import type { LedgerId } from '../ids.js'
import type { Leg } from '../transfer.js'
import { openedAccount } from './accounts.js'
import type { Session } from './session.js'
import type { Rooms } from './transfers.js'

// Some 20 MB; a node with more accounts in use at once asks for some of them again.
const MAX_ENTRIES = 100_000

/** Which accounts have a room: fixed when they are opened, so that it is asked once per account and process. */
export class AccountDirectory {
  private readonly hasRoom = new Map<LedgerId, boolean>()

  constructor(private readonly session: Session) {}

  note({ id, limit }: NewAccount): void {
    if (this.hasRoom.size >= MAX_ENTRIES) this.hasRoom.clear()
    this.hasRoom.set(id, limit === 'both')
  }

  async learn(legs: readonly Leg[]): Promise<void> {
    const missing = new Set<LedgerId>()
    for (const { debitAccountId, creditAccountId } of legs) {
      if (!this.hasRoom.has(debitAccountId)) missing.add(debitAccountId)
      if (!this.hasRoom.has(creditAccountId)) missing.add(creditAccountId)
    }
    if (missing.size === 0) return
    const found = await this.session.ask((client) => client.lookupAccounts([...missing]))
    for (const account of found.map(openedAccount)) if (account !== undefined) this.note(account)
  }

  /** Accounts that are not opened have none; the cluster refuses the leg. */
  roomsOf({ debitAccountId, creditAccountId }: Leg): Rooms {
    return { debit: this.hasRoom.get(debitAccountId) === true, credit: this.hasRoom.get(creditAccountId) === true }
  }
}

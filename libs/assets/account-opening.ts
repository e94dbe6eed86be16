import type { Ledger, NewAccount } from '@kivuko/accounting'
import { assert } from '@kivuko/platform'
import { ledgerUnavailable } from './liquidity-errors.js'

/** A row whose ledger accounts are opened after its commit; their ids follow from the row's. */
export interface AccountOwner {
  readonly id: string
  readonly accounts: readonly NewAccount[]
}

// One call's worth of rows: a start with many rows asks in several calls instead of one without bound.
const ROWS_PER_CALL = 256

/**
 * Opens the accounts that the ledger lacks: of new rows, and of rows whose process ended between its commit and its
 * ledger. Opening twice is harmless; rows known to have theirs cost nothing.
 */
export class AccountOpening {
  private readonly done = new Set<string>()

  constructor(private readonly ledger: Ledger) {}

  async ensure(owners: readonly AccountOwner[]): Promise<void> {
    const unsure = owners.filter(({ id }) => !this.done.has(id))
    for (let from = 0; from < unsure.length; from += ROWS_PER_CALL) {
      await this.openMissing(unsure.slice(from, from + ROWS_PER_CALL))
    }
  }

  /** For a row whose accounts the ledger turned out to lack. */
  async reopen(owner: AccountOwner): Promise<void> {
    this.done.delete(owner.id)
    await this.ensure([owner])
  }

  /** The row is gone; its accounts stay in the ledger. */
  forget(id: string): void {
    this.done.delete(id)
  }

  private async openMissing(owners: readonly AccountOwner[]): Promise<void> {
    const found = await this.ledger.balances(owners.flatMap(({ accounts }) => accounts.map(({ id }) => id)))
    await Promise.all(
      owners.map(async ({ id, accounts }) => {
        const missing = accounts.filter((account) => !found.has(account.id))
        if (missing.length > 0) await openAccounts(this.ledger, { id, accounts: missing })
        this.done.add(id)
      }),
    )
  }
}

/** Opens a row's accounts, or finds them open. Throws DomainError('unavailable') when the ledger does not answer. */
export async function openAccounts(ledger: Ledger, { id, accounts }: AccountOwner): Promise<void> {
  const outcome = await ledger.openAccounts(accounts)
  if (outcome.kind === 'unknown') throw ledgerUnavailable(outcome.message)
  assert(outcome.kind === 'accepted', `the ledger opens the accounts of row ${id}`)
}

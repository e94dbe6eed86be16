import type { Ledger, NewAccount } from '@kivuko/accounting'
import { assert } from '@kivuko/platform'
import { ledgerUnavailable } from './liquidity-errors.js'

// One call's worth of rows: a start with many rows asks in several calls instead of one without bound.
const ROWS_PER_CALL = 256

/**
 * Opens those accounts that the ledger lacks: of new rows, and of rows whose process ended between its commit and its
 * ledger. `accountsPerRow` holds each row's accounts, opened together; opening twice is harmless.
 */
export async function openMissingAccounts(
  ledger: Ledger,
  accountsPerRow: readonly (readonly NewAccount[])[],
): Promise<void> {
  for (let from = 0; from < accountsPerRow.length; from += ROWS_PER_CALL) {
    const rows = accountsPerRow.slice(from, from + ROWS_PER_CALL)
    const found = await ledger.balances(rows.flatMap((accounts) => accounts.map(({ id }) => id)))
    const missing = rows.map((accounts) => accounts.filter(({ id }) => !found.has(id)))
    await Promise.all(
      missing.filter((accounts) => accounts.length > 0).map((accounts) => openAccounts(ledger, accounts)),
    )
  }
}

async function openAccounts(ledger: Ledger, accounts: readonly NewAccount[]): Promise<void> {
  const outcome = await ledger.openAccounts(accounts)
  if (outcome.kind === 'unknown') throw ledgerUnavailable(outcome.message)
  assert(
    outcome.kind === 'accepted',
    `a row's ledger accounts can be opened (${accounts.map(({ id }) => id).join(', ')})`,
  )
}

import type { LedgerAccount } from './account.js'
import type { LedgerTotals } from './ledger.js'

/** Sums the accounts of each ledger, in the order of ledger numbers. */
export function sumByLedger(accounts: Iterable<LedgerAccount>): LedgerTotals[] {
  const sums = new Map<number, LedgerTotals>()
  for (const account of accounts) {
    const sum = sums.get(account.ledger)
    sums.set(account.ledger, {
      ledger: account.ledger,
      accounts: (sum?.accounts ?? 0) + 1,
      debitsPosted: (sum?.debitsPosted ?? 0n) + account.debitsPosted,
      creditsPosted: (sum?.creditsPosted ?? 0n) + account.creditsPosted,
      debitsPending: (sum?.debitsPending ?? 0n) + account.debitsPending,
      creditsPending: (sum?.creditsPending ?? 0n) + account.creditsPending,
    })
  }
  return [...sums.values()].sort((a, b) => a.ledger - b.ledger)
}

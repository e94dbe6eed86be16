import { type LedgerAccount, type LedgerId, type LedgerTransfer, uuidFromId } from '@kivuko/accounting'
import type { FindingList, LedgerLine } from './audit.js'
import { assetRows, ownerName } from './audit.queries.js'
import type { Ground } from './ground.js'
import { pagesOf } from './ground.js'
import { beyondLimit, overdue, unbalanced } from './ledger-check.js'

/** Conservation of each ledger, named by its asset. */
export async function lookAtLedgers({ db, ledger }: Ground, findings: FindingList): Promise<LedgerLine[]> {
  const names = new Map((await assetRows(db)).map((asset) => [asset.ledger, asset.name]))
  const totals = await ledger.totals()
  for (const line of totals) findings.addIf(unbalanced(line))
  return totals.map((line) => ({ ...line, asset: names.get(line.ledger) ?? 'unknown asset' }))
}

/** Reservations past their timeout; returns how many are open in all. */
export async function lookAtReservations({ db, ledger, nowMs }: Ground, findings: FindingList): Promise<number> {
  let open = 0
  const readPage = (after: LedgerId | undefined, limit: number) => ledger.openReservations({ limit, after })
  for await (const page of pagesOf<LedgerTransfer, LedgerId>(readPage, ({ id }) => id)) {
    open += page.length
    for (const reservation of page) {
      if (overdue(reservation, '', nowMs) === undefined) continue
      findings.addIf(overdue(reservation, await ownerName(db, uuidFromId(reservation.debitAccountId)), nowMs))
    }
  }
  return open
}

/** Every account of the ledger, page by page: its limits, and what `also` looks at. */
export async function lookAtAccounts(
  { ledger }: Ground,
  findings: FindingList,
  also: (accounts: readonly LedgerAccount[]) => Promise<void>,
): Promise<void> {
  const readPage = (after: LedgerId | undefined, limit: number) => ledger.accounts({ limit, after })
  for await (const page of pagesOf<LedgerAccount, LedgerId>(readPage, ({ id }) => id)) {
    for (const account of page) findings.addIf(beyondLimit(account))
    await also(page)
  }
}

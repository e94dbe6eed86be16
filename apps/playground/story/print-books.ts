import type { EntryRow } from '../admin/books.js'
import { showChange, showUnits } from '../print/money.js'
import type { Paper } from '../print/paper.js'
import { tableLines } from '../print/table.js'
import { type Books, movements, newEntries } from './books.js'

/** A node's ledger before and after: each account that has or had money, then the entries written between. */
export function printBooks(paper: Paper, name: string, before: Books, after: Books): void {
  const rows = movements(before, after)
    .filter((movement) => movement.before !== 0n || movement.liquidity !== 0n || isTouched(movement.id, before, after))
    .map(({ label, assetCode, assetScale, before: earlier, liquidity, change }) => [
      label,
      assetCode,
      showUnits(earlier, assetScale),
      showUnits(liquidity, assetScale),
      showChange(change, assetScale),
    ])
  const right = (title: string) => ({ title, align: 'right' as const })
  const columns = [{ title: 'account' }, { title: 'asset' }, right('before'), right('after'), right('change')]
  paper.heading(`Ledger of ${name}`)
  for (const line of tableLines(columns, rows)) paper.line(line)
  printEntries(paper, before, after)
}

function printEntries(paper: Paper, before: Books, after: Books): void {
  const entries = newEntries(before, after)
  if (entries.length === 0) return
  const columns = [
    { title: 'entry' },
    { title: 'from (debit)' },
    { title: 'to (credit)' },
    { title: 'amount', align: 'right' as const },
    { title: 'asset' },
  ]
  const rows = entries.map((entry) => entryRow(entry, after))
  paper.line()
  for (const line of tableLines(columns, rows)) paper.line(line)
}

function entryRow({ transferType, state, debitAccountId, creditAccountId, amount }: EntryRow, books: Books): string[] {
  const debit = books.accounts.find(({ id }) => id === debitAccountId)
  const credit = books.accounts.find(({ id }) => id === creditAccountId)
  const { assetCode = '', assetScale = 0 } = debit ?? credit ?? {}
  const kind = transferType.toLowerCase()
  return [
    state === 'POSTED' ? kind : `${kind} (${state.toLowerCase()})`,
    debit?.label ?? OUTSIDE,
    credit?.label ?? OUTSIDE,
    showUnits(amount, assetScale),
    assetCode,
  ]
}

// Not among the accounts that the API lists: the asset's settlement account, the ledger's door to the world.
const OUTSIDE = 'settlement'

function isTouched(accountId: string, before: Books, after: Books): boolean {
  return newEntries(before, after).some((entry) => [entry.debitAccountId, entry.creditAccountId].includes(accountId))
}

import { showChange, showUnits } from '../print/money.js'
import type { Paper } from '../print/paper.js'
import { tableLines } from '../print/table.js'
import type { CustomerView } from './bank-client.js'
import type { Scene } from './setup.js'

/** The customers' own accounts at their banks, which no node knows. */
export async function printCustomers(paper: Paper, { alpha, beta, alice, bob }: Scene): Promise<void> {
  const [atAlpha, atBeta] = await Promise.all([alpha.bank.customers(), beta.bank.customers()])
  paper.heading('The customers at their banks')
  const right = (title: string) => ({ title, align: 'right' as const })
  const columns = [
    { title: 'bank' },
    { title: 'customer' },
    { title: 'asset' },
    right('before'),
    right('after'),
    right('change'),
  ]
  const rows = [row(alpha.institution.name, alice, atAlpha), row(beta.institution.name, bob, atBeta)]
  for (const line of tableLines(columns, rows)) paper.line(line)
}

function row(bank: string, earlier: CustomerView, now: readonly CustomerView[]): string[] {
  const { name, assetCode, assetScale } = earlier
  const balance = now.find((customer) => customer.name === name)?.balance ?? 0n
  return [
    bank,
    name,
    assetCode,
    showUnits(earlier.balance, assetScale),
    showUnits(balance, assetScale),
    showChange(balance - earlier.balance, assetScale),
  ]
}

import { AccountCode, type AccountLimit, type LedgerAccount } from '../account.js'
import { idFromUuid } from '../ids.js'
import type { LedgerTotals } from '../ledger.js'
import type { LedgerTransfer, TransferState } from '../transfer.js'

// The driver gives bigint and numeric as text.
interface Sums {
  readonly ledger: string
  readonly debits_posted: string
  readonly debits_pending: string
  readonly credits_posted: string
  readonly credits_pending: string
}

export interface AccountRow extends Sums {
  readonly id: string
  readonly code: number
  readonly limit_on: AccountLimit
  readonly credit_line: string
  readonly maximum: string | null
  readonly most_credits: string | null
}

export interface TotalsRow extends Sums {
  readonly accounts: number
}

export interface TransferRow {
  readonly id: string
  readonly ledger: string
  readonly debit_id: string
  readonly credit_id: string
  readonly amount: string
  readonly code: number
  readonly reference: string | null
  readonly position: string
  readonly created_at: Date
  readonly timeout_seconds: string | null
  readonly expires_at: Date | null
  readonly state: TransferState
}

const CODES = new Map<number, AccountCode>(Object.values(AccountCode).map((code) => [code, code]))

export function accountFrom(row: AccountRow): LedgerAccount {
  const code = CODES.get(row.code)
  if (code === undefined) throw new Error(`ledger account ${row.id} has the code ${row.code}, which no account has`)
  const account = {
    id: idFromUuid(row.id),
    code,
    limit: row.limit_on,
    ...sumsFrom(row),
    creditLine: BigInt(row.credit_line),
    ...(row.most_credits !== null && { mostCredits: BigInt(row.most_credits) }),
  }
  return row.maximum === null ? account : { ...account, maximum: BigInt(row.maximum) }
}

export function totalsFrom(row: TotalsRow): LedgerTotals {
  return { accounts: row.accounts, ...sumsFrom(row) }
}

export function transferFrom(row: TransferRow): LedgerTransfer {
  return {
    id: idFromUuid(row.id),
    ledger: Number.parseInt(row.ledger, 10),
    debitAccountId: idFromUuid(row.debit_id),
    creditAccountId: idFromUuid(row.credit_id),
    amount: BigInt(row.amount),
    code: row.code,
    ...(row.reference !== null && { reference: idFromUuid(row.reference) }),
    state: row.state,
    position: BigInt(row.position),
    createdAt: row.created_at,
    ...(row.timeout_seconds !== null && { timeoutSeconds: Number.parseInt(row.timeout_seconds, 10) }),
    ...(row.expires_at !== null && { expiresAt: row.expires_at }),
  }
}

function sumsFrom(row: Sums) {
  return {
    ledger: Number.parseInt(row.ledger, 10),
    debitsPosted: BigInt(row.debits_posted),
    debitsPending: BigInt(row.debits_pending),
    creditsPosted: BigInt(row.credits_posted),
    creditsPending: BigInt(row.credits_pending),
  }
}

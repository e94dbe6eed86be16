import type { Pool } from 'pg'
import type { Balance, LedgerAccount } from '../account.js'
import { type LedgerId, timeOfId } from '../ids.js'
import type { ExpiredPage, IdPage, LedgerTotals, StatementPage, TimedPage } from '../ledger.js'
import type { LedgerTransfer } from '../transfer.js'
import { uuidArray } from './binary-array.js'
import { type AccountRow, accountFrom, type TotalsRow, type TransferRow, totalsFrom, transferFrom } from './rows.js'

// Accounts as they stand this moment: what reservations past their timeout still hold is taken off.
const CURRENT_ACCOUNTS = `
with due as materialized (
  select debit_account, credit_account, amount from ledger_transfers
  where expires_at > (select released_until from ledger_releases) and expires_at <= now() and state = 'pending'
), current as (
  select id, ledger, code, limit_on, debits_posted, credits_posted, credit_line, maximum,
    most_credits,
    debits_pending - coalesce((select sum(amount) from due where debit_account = no), 0) as debits_pending,
    credits_pending - coalesce((select sum(amount) from due where credit_account = no), 0) as credits_pending
  from ledger_accounts
)`

const TRANSFERS = `
select transfer.id, debit.ledger, debit.id as debit_id, credit.id as credit_id, amount, transfer.code, reference,
  position, created_at, timeout_seconds, expires_at,
  case when state = 'pending' and expires_at <= now() then 'expired' else state end as state
from ledger_transfers as transfer
join ledger_accounts as debit on debit.no = debit_account
join ledger_accounts as credit on credit.no = credit_account`

export async function readBalances(pool: Pool, ids: readonly LedgerId[]): Promise<Map<LedgerId, Balance>> {
  // Read for every payment: planned once for each connection.
  const { rows } = await pool.query<AccountRow>({
    name: 'ledger-balances',
    text: `${CURRENT_ACCOUNTS} select * from current where id = any($1::uuid[])`,
    values: [uuidArray(ids)],
  })
  return new Map(rows.map(accountFrom).map((account) => [account.id, account]))
}

export async function readStatement(
  pool: Pool,
  accountId: LedgerId,
  { limit, before }: StatementPage,
): Promise<LedgerTransfer[]> {
  const side = (column: string) => `(${TRANSFERS}
    where ${column} = (select no from ledger_accounts where id = ($1::uuid[])[1]) and ($2::bigint is null or position < $2)
    order by position desc limit $3)`
  const text = `${side('debit_account')} union all ${side('credit_account')} order by position desc limit $3`
  const { rows } = await pool.query<TransferRow>(text, [uuidArray([accountId]), before?.toString(), limit])
  return rows.map(transferFrom)
}

export async function readTransfers(pool: Pool, ids: readonly LedgerId[]): Promise<Map<LedgerId, LedgerTransfer>> {
  const { rows } = await pool.query<TransferRow>(`${TRANSFERS} where transfer.id = any($1::uuid[])`, [uuidArray(ids)])
  return new Map(rows.map(transferFrom).map((transfer) => [transfer.id, transfer]))
}

export async function readKeptAnswer(pool: Pool, id: LedgerId, nowMs: number): Promise<Buffer | undefined> {
  if (timeOfId(id) < nowMs) return undefined
  const { rows } = await pool.query<{ answer: Buffer }>(
    'select answer from ledger_kept_answers where id = ($1::uuid[])[1]',
    [uuidArray([id])],
  )
  return rows[0]?.answer
}

export async function readAccounts(pool: Pool, { limit, after = 0n }: IdPage): Promise<LedgerAccount[]> {
  const { rows } = await pool.query<AccountRow>(
    `${CURRENT_ACCOUNTS} select * from current where id > ($1::uuid[])[1] order by id limit $2`,
    [uuidArray([after]), limit],
  )
  return rows.map(accountFrom)
}

export async function readOpenReservations(pool: Pool, { limit, after = 0n }: IdPage): Promise<LedgerTransfer[]> {
  const { rows } = await pool.query<TransferRow>(
    `${TRANSFERS} where state = 'pending' and transfer.id > ($1::uuid[])[1] order by transfer.id limit $2`,
    [uuidArray([after]), limit],
  )
  return rows.map((row) => transferFrom({ ...row, state: 'pending' }))
}

export async function readTimedReservations(
  pool: Pool,
  { limit, madeSince, after = 0n }: TimedPage,
): Promise<LedgerTransfer[]> {
  const { rows } = await pool.query<TransferRow>(
    `${TRANSFERS} where expires_at > now() and state = 'pending' and created_at >= $3
       and transfer.id > ($1::uuid[])[1] order by transfer.id limit $2`,
    [uuidArray([after]), limit, madeSince],
  )
  return rows.map(transferFrom)
}

export async function readExpiredReservations(
  pool: Pool,
  { limit, since, after = 0n }: ExpiredPage,
): Promise<LedgerTransfer[]> {
  const { rows } = await pool.query<TransferRow>(
    `${TRANSFERS} where expires_at between $3 and now() and state in ('pending', 'expired')
       and transfer.id > ($1::uuid[])[1] order by transfer.id limit $2`,
    [uuidArray([after]), limit, since],
  )
  return rows.map(transferFrom)
}

export async function readTotals(pool: Pool): Promise<LedgerTotals[]> {
  const { rows } = await pool.query<TotalsRow>(`${CURRENT_ACCOUNTS}
    select ledger, count(*)::integer as accounts, sum(debits_posted) as debits_posted,
      sum(debits_pending) as debits_pending, sum(credits_posted) as credits_posted, sum(credits_pending) as credits_pending
    from current group by ledger order by ledger`)
  return rows.map(totalsFrom)
}

import { randomBytes } from 'node:crypto'
import { SystemClock } from '@kivuko/platform'
import type pg from 'pg'

const clock = new SystemClock()

const RESERVE = `
with leg as (select * from unnest($1::uuid[], $2::int[], $3::int[]) as leg (id, debit, credit)), kept as (
  insert into ledger_transfers (id, debit_account, credit_account, amount, code, created_at, timeout_seconds, expires_at, state)
  select id, debit, credit, 1, 1, now(), 40, now() + interval '40 seconds', 'pending' from leg)
update ledger_accounts as account
set debits_pending = debits_pending + moved.debits, credits_pending = credits_pending + moved.credits
from (select no, sum(debit) as debits, sum(credit) as credits
  from (select debit as no, 1 as debit, 0 as credit from leg union all select credit, 0, 1 from leg) as side group by no
) as moved where account.no = moved.no`

const POST = `
with ended as (
  update ledger_transfers set state = 'posted' where id = any($1::uuid[]) returning debit_account, credit_account, amount)
update ledger_accounts as account
set debits_pending = debits_pending - moved.debits, debits_posted = debits_posted + moved.debits,
  credits_pending = credits_pending - moved.credits, credits_posted = credits_posted + moved.credits
from (select no, sum(debit) as debits, sum(credit) as credits
  from (select debit_account as no, amount as debit, 0 as credit from ended union all
    select credit_account, 0, amount from ended) as side group by no
) as moved where account.no = moved.no`

/**
 * The least the database has to do for `size` pairs at a time: the same rows, balances and indexes in two bare
 * statements, each committed by itself, on one connection; no checks, nobody to answer. Milliseconds of each round.
 */
export async function ceiling(client: pg.Client, accounts: readonly number[], size: number, forMs: number) {
  const rounds: number[] = []
  const end = performance.now() + forMs
  while (performance.now() < end) {
    const startedMs = performance.now()
    const ids: string[] = []
    const debits: number[] = []
    const credits: number[] = []
    for (let n = 0; n < size; n++) {
      const debit = Math.floor(Math.random() * accounts.length)
      ids.push(clock.nowMs().toString(16).padStart(12, '0') + randomBytes(10).toString('hex'))
      debits.push(accounts[debit] ?? 0)
      credits.push(accounts[(debit + 1 + Math.floor(Math.random() * (accounts.length - 1))) % accounts.length] ?? 0)
    }
    await client.query({ name: 'reserve', text: RESERVE, values: [ids, debits, credits] })
    await client.query({ name: 'post', text: POST, values: [ids] })
    rounds.push(performance.now() - startedMs)
  }
  return rounds
}

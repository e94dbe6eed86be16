import type { Asset } from '@kivuko/assets'
import { PeersService } from '@kivuko/peering'
import { DataSource } from '@kivuko/platform'
import type { INestApplicationContext } from '@nestjs/common'
import { LIMITS } from './accounts.js'
import type { Load } from './plan.js'

const AT_ONCE = 8

/**
 * Makes a node look as after some months: peers with their routes, made as an operator makes them; and transfers, written
 * straight into the ledger's tables as packets would have left them, from each account of the ledger to the next.
 */
export async function fill(
  rooms: INestApplicationContext,
  asset: Asset,
  { transfers, peers, routes }: Load,
  endpoint: string,
): Promise<void> {
  const peering = rooms.get(PeersService)
  const queue = Array.from({ length: peers }, (_, number) => number).values()
  const create = async () => {
    for (const number of queue) {
      const address = `test.peer${number}`
      await peering.create({
        tenantId: asset.tenantId,
        assetId: asset.id,
        staticIlpAddress: address,
        routes: Array.from({ length: Math.ceil(routes / peers) - 1 }, (_, n) => `test.net${n}.peer${number}`),
        http: {
          incoming: { authTokens: [`token-from-${address}`] },
          outgoing: { authToken: `token-to-${address}`, endpoint },
        },
        limits: LIMITS,
      })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, create))
  const dataSource = rooms.get(DataSource)
  await dataSource.query(HISTORY, [transfers])
  // What the server does by itself some time after a million rows, done before the measuring begins.
  await dataSource.query('vacuum analyze')
  await dataSource.query('checkpoint')
}

// 3 is AccountCode.peer. Ids are in the order of time, as those of packets are, and each account gives what it gets.
const HISTORY = `
with accounts as (
  select array_agg(no order by no) as numbers, count(*) as count from ledger_accounts where code = 3
), made as (
  insert into ledger_transfers
    (id, debit_account, credit_account, amount, code, created_at, timeout_seconds, expires_at, state)
  select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || substr(md5(n::text), 1, 20))::uuid,
    numbers[(n % count + 1)::integer], numbers[((n + 1) % count + 1)::integer], 1, 1, at, 40,
    at + interval '40 s', 'posted'
  from generate_series(1, $1::bigint) as n
  cross join accounts
  cross join lateral (select now() - ($1::bigint - n) * interval '10 ms' - interval '1 hour' as at) as time
  returning debit_account, credit_account
), moved as (
  select account, sum(debits) as debits, sum(credits) as credits from (
    select debit_account as account, 1 as debits, 0 as credits from made union all select credit_account, 0, 1 from made
  ) as side group by account
)
update ledger_accounts set debits_posted = debits_posted + debits, credits_posted = credits_posted + credits
from moved where no = account`

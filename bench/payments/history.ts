import pg from 'pg'

// Earlier payments, as the tables and the ledger show them once they have been made: copies of one that was made.
const HISTORY = `
create temp table model as
  select p.id as payment, p.created_event_id as created, p.ended_event_id as ended, p.created_at, p.sent_amount::bigint as amount,
    substring(q.receiver from '[^/]+$')::uuid as incoming
  from outgoing_payments p join quotes q on q.id = p.id
  where p.state = 'COMPLETED' and q.method = 'local' order by p.created_at desc limit 1;
create temp table earlier as
  select uuidv7(-age) as payment, uuidv7(-age) as incoming, uuidv7(-age) as created, uuidv7(-age) as ended,
    uuidv7(-age) as received, age
  from (select number * interval '0.6 seconds' as age from generate_series(1, $COUNT) number)`

const COPIES: readonly string[] = [
  copy('incoming_payments', 'id = model.incoming', {
    id: 'earlier.incoming',
    final_event_id: 'earlier.received',
    created_at: 'one.created_at - age',
    updated_at: 'one.updated_at - age',
    completed_at: 'one.completed_at - age',
    expires_at: 'one.expires_at - age',
  }),
  copy('quotes', 'id = model.payment', {
    id: 'earlier.payment',
    receiver: 'replace(one.receiver, model.incoming::text, earlier.incoming::text)',
    created_at: 'one.created_at - age',
    expires_at: 'one.expires_at - age',
  }),
  copy('outgoing_payments', 'id = model.payment', {
    id: 'earlier.payment',
    created_event_id: 'earlier.created',
    ended_event_id: 'earlier.ended',
    created_at: 'one.created_at - age',
    updated_at: 'one.updated_at - age',
  }),
  `insert into outgoing_payment_events (payment_id, at, step, cause)
   select earlier.payment, one.at - age, one.step, one.cause
   from model join outgoing_payment_events one on one.payment_id = model.payment, earlier order by age desc, one.sequence`,
  `insert into webhook_events (id, tenant_id, type, data, resource_key, state, attempts, due_at, status_code, delivered_at, created_at)
   select case one.id when model.created then earlier.created when model.ended then earlier.ended else uuidv7(-age) end,
     one.tenant_id, one.type, one.data, case one.resource_key when model.payment::text then earlier.payment
     else earlier.incoming end::text, 'DELIVERED', 1, one.due_at - age, 200, one.created_at - age, one.created_at - age
   from model join webhook_events one on one.resource_key in (model.payment::text, model.incoming::text), earlier
   order by age desc, one.sequence`,
  `insert into idempotency_keys (tenant_id, key, operation, request_hash, answer, owner, lease_until, created_at)
   select one.tenant_id, uuidv7(-age)::text, one.operation, one.request_hash, one.answer, one.owner,
     one.lease_until - age, one.created_at - age
   from (select * from idempotency_keys where answer is not null order by created_at desc limit 1) one, earlier`,
  `insert into ledger_accounts (id, ledger, code, limit_on, debits_posted, credits_posted)
   select case one.id when model.payment then earlier.payment else earlier.incoming end, one.ledger, one.code,
     one.limit_on, one.debits_posted, one.credits_posted
   from model join ledger_accounts one on one.id in (model.payment, model.incoming), earlier`,
  // The deposit, and what went from the payment's account to the receiver's.
  `insert into ledger_transfers (id, debit_account, credit_account, amount, code, reference, created_at, state)
   select gen_random_uuid(),
     case when one.debit_account = paid.no then mine.no else one.debit_account end,
     case when one.credit_account = paid.no then mine.no else theirs.no end,
     one.amount, one.code, case one.reference when model.payment then earlier.payment else one.reference end,
     one.created_at - age, one.state
   from model join ledger_accounts paid on paid.id = model.payment
     join ledger_transfers one on paid.no in (one.debit_account, one.credit_account), earlier
     join ledger_accounts mine on mine.id = earlier.payment join ledger_accounts theirs on theirs.id = earlier.incoming
   order by age desc, one.position`,
  `update ledger_accounts set debits_posted = debits_posted + total.amount
   from (select one.debit_account as no, one.amount * (select count(*) from earlier) as amount
     from model join ledger_accounts paid on paid.id = model.payment
     join ledger_transfers one on one.credit_account = paid.no) total
   where ledger_accounts.no = total.no`,
]

/** Writes so many earlier payments into a node that has made one. Its books stay right. */
export async function writeHistory(databaseUrl: string, payments: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(HISTORY.replace('$COUNT', payments.toString()))
    for (const statement of COPIES) await client.query(statement)
    // As the server's own cleaning leaves tables that grew in days.
    await client.query('vacuum analyze')
    await client.query('checkpoint')
  } finally {
    await client.end()
  }
}

/** Copies of the model's row for every earlier payment, with the changed columns. */
function copy(table: string, where: string, changes: Readonly<Record<string, string>>): string {
  const json = Object.entries(changes).map(([column, value]) => `'${column}', ${value}`)
  return `insert into ${table}
    select (jsonb_populate_record(one, jsonb_build_object(${json.join(', ')}))).*
    from model join ${table} one on one.${where}, earlier order by earlier.age desc`
}

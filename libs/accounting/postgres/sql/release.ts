/**
 * Reservations past their timeout. `ledger_fence` waits for the batches under way and answers with the database's time:
 * whatever they reserved is visible, whatever comes later expires later, so that a search need never begin before it.
 */
export const release = `
-- The database's time, and never before what has been released, should the server's clock be set back.
create function ledger_now() returns timestamptz language sql volatile as $$
  select greatest(clock_timestamp(), released_until) from ledger_releases
$$;

create function ledger_lock_and_release(batch_at timestamptz, ending uuid[], account_ids uuid[]) returns integer
language plpgsql volatile as $$
declare
  due uuid[] := array(
    select id from ledger_transfers
    where expires_at > (select released_until from ledger_releases) and expires_at <= batch_at and state = 'pending'
  );
  involved uuid[] := ending || due;
begin
  perform 1 from ledger_transfers where id = any(involved) order by id for no key update;
  perform 1 from ledger_accounts where no in (
    select debit_account from ledger_transfers where id = any(involved)
    union select credit_account from ledger_transfers where id = any(involved)
    union select no from ledger_accounts where id = any(account_ids)
  ) order by no for no key update;
  with ended as (
    update ledger_transfers set state = 'expired' where id = any(due) and state = 'pending'
    returning debit_account, credit_account, amount
  ), freed as (
    select side.account, sum(side.debit) as debits, sum(side.credit) as credits
    from (
      select debit_account as account, amount as debit, 0::bigint as credit from ended
      union all
      select credit_account, 0, amount from ended
    ) as side
    group by side.account
  )
  update ledger_accounts as account
  set debits_pending = account.debits_pending - freed.debits, credits_pending = account.credits_pending - freed.credits
  from freed where account.no = freed.account;
  return cardinality(due);
end
$$;

create function ledger_fence() returns timestamptz language plpgsql volatile as $$
begin
  perform pg_advisory_xact_lock(548856, 1);
  return clock_timestamp();
end
$$;

create function ledger_release_until(fence timestamptz) returns integer language plpgsql volatile as $$
declare
  released integer;
begin
  released := ledger_lock_and_release(fence, '{}', '{}');
  update ledger_releases set released_until = greatest(released_until, fence);
  return released;
end
$$;
`

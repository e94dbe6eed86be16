/** Opening accounts and setting their maximum: rare, so each is a statement of its own. */
export const accounts = `
create function ledger_open(ids uuid[], ledgers bigint[], codes integer[], limits text[])
returns table (leg integer, refusal text) language plpgsql volatile as $$
declare
  opened integer;
begin
  insert into ledger_accounts (id, ledger, code, limit_on)
  select opening.id, opening.ledger, opening.code, opening.limit_on
  from unnest(ids, ledgers, codes, limits) as opening (id, ledger, code, limit_on)
  order by opening.id
  on conflict (id) do nothing;
  get diagnostics opened = row_count;
  select (opening.number - 1)::integer, 'exists-with-different-content' into leg, refusal
  from unnest(ids, ledgers, codes, limits) with ordinality as opening (id, ledger, code, limit_on, number)
  join ledger_accounts as account on account.id = opening.id
  where account.ledger <> opening.ledger or account.code <> opening.code or account.limit_on <> opening.limit_on
  order by opening.number limit 1;
  if found then
    raise exception 'an account exists with different content' using errcode = 'KV002', detail = leg;
  end if;
  if opened = 0 then
    leg := -1;
    refusal := 'repeated';
    return next;
  end if;
exception when sqlstate 'KV002' then
  return next;
end
$$;

create function ledger_set_maximum(account_id uuid, new_maximum numeric)
returns table (leg integer, refusal text) language plpgsql volatile as $$
declare
  account ledger_accounts;
begin
  perform pg_advisory_xact_lock_shared(548856, 1);
  perform ledger_lock_and_release(clock_timestamp(), '{}', array[account_id]);
  select * into account from ledger_accounts where id = account_id;
  refusal := case
    when account.no is null then 'unknown-account'
    when account.limit_on <> 'both' then 'no-maximum'
    when account.maximum is not distinct from new_maximum then 'repeated'
    when account.credits_posted + account.credits_pending - account.debits_posted - account.credit_line > new_maximum
      then 'insufficient-room'
  end;
  if refusal is null then
    update ledger_accounts set maximum = new_maximum where id = account_id;
  else
    leg := case refusal when 'repeated' then -1 else 0 end;
    return next;
  end if;
end
$$;
`

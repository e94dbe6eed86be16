/**
 * Accounts of several callers, opened together: a row per account, in the order given, with its number. One that stands
 * with other content raises KV002 and nothing is opened; the callers are then answered one by one.
 */
export const openTogether = `
create function ledger_open_together(ids uuid[], ledgers bigint[], codes integer[], limits text[])
returns table (no integer, is_opened boolean) language plpgsql volatile as $$
declare
  opened uuid[];
begin
  with inserted as (
    insert into ledger_accounts (id, ledger, code, limit_on)
    select opening.id, opening.ledger, opening.code, opening.limit_on
    from unnest(ids, ledgers, codes, limits) as opening (id, ledger, code, limit_on)
    order by opening.id
    on conflict (id) do nothing
    returning id
  )
  select array_agg(id) into opened from inserted;
  if exists (
    select from unnest(ids, ledgers, codes, limits) as opening (id, ledger, code, limit_on)
    join ledger_accounts as account on account.id = opening.id
    where account.ledger <> opening.ledger or account.code <> opening.code or account.limit_on <> opening.limit_on
  ) then
    raise exception 'an account exists with different content' using errcode = 'KV002';
  end if;
  return query
  select account.no, account.id = any(coalesce(opened, '{}'))
  from unnest(ids) with ordinality as opening (id, number)
  join ledger_accounts as account on account.id = opening.id
  order by opening.number;
end
$$;
`

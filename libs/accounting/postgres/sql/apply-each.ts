/**
 * The exact path: chain by chain, in order, each wholly or not at all. Locks as the fast path does, first releases what
 * is past its timeout (a refusal must not come from funds that are free), and names only the chains that were not
 * plainly accepted: leg and refusal, or -1 and 'repeated'.
 */
export const applyEach = `
create function ledger_apply_each(
  verbs text[], chains integer[], ids uuid[], debit_ids uuid[], credit_ids uuid[], ledgers bigint[], amounts bigint[],
  codes integer[], refs uuid[], timeouts bigint[]
) returns table (chain integer, leg integer, refusal text) language plpgsql volatile as $$
declare
  batch_at timestamptz;
  first integer := 1;
  last integer;
begin
  perform pg_advisory_xact_lock_shared(548856, 1);
  batch_at := ledger_now();
  perform ledger_lock_and_release(
    batch_at,
    array(select op.id from unnest(ids, verbs) as op (id, verb) where op.verb in ('post', 'void')),
    debit_ids || credit_ids
  );
  while first <= cardinality(ids) loop
    last := first;
    while chains[last + 1] = chains[first] loop last := last + 1; end loop;
    select outcome.leg, outcome.refusal into leg, refusal from ledger_apply_chain(
      batch_at, verbs[first], ids[first:last], debit_ids[first:last], credit_ids[first:last], ledgers[first:last],
      amounts[first:last], codes[first:last], refs[first:last], timeouts[first:last]
    ) as outcome;
    if refusal is not null then
      chain := chains[first];
      return next;
    end if;
    first := last + 1;
  end loop;
end
$$;

create function ledger_apply_chain(
  batch_at timestamptz, verb text, ids uuid[], debit_ids uuid[], credit_ids uuid[], ledgers bigint[], amounts bigint[],
  codes integer[], refs uuid[], timeouts bigint[], out leg integer, out refusal text
) language plpgsql volatile as $$
begin
  if ledger_is_repeated(verb, ids, debit_ids, credit_ids, ledgers, amounts, codes, refs, timeouts) then
    leg := -1;
    refusal := 'repeated';
    return;
  end if;
  for number in 1..cardinality(ids) loop
    refusal := case when verb in ('post', 'void') then ledger_end(batch_at, verb, ids[number])
      else ledger_write(batch_at, ids[number], debit_ids[number], credit_ids[number], ledgers[number], amounts[number],
        codes[number], refs[number], timeouts[number]) end;
    if refusal is not null then
      leg := number - 1;
      -- A leg that is refused has written nothing; only the legs before it must be taken back.
      if leg = 0 then return; end if;
      raise exception 'the chain is refused' using errcode = 'KV002';
    end if;
  end loop;
exception when sqlstate 'KV002' then
  return;
end
$$;

create function ledger_is_repeated(
  verb text, ids uuid[], debit_ids uuid[], credit_ids uuid[], ledgers bigint[], amounts bigint[], codes integer[],
  refs uuid[], timeouts bigint[]
) returns boolean language plpgsql volatile as $$
declare
  same integer;
begin
  if verb in ('post', 'void') then
    select count(*) into same from ledger_transfers
    where id = any(ids) and timeout_seconds is not null and state = case verb when 'post' then 'posted' else 'voided' end;
  else
    select count(*) into same
    from unnest(ids, debit_ids, credit_ids, ledgers, amounts, codes, refs, timeouts)
      as leg (id, debit_id, credit_id, ledger, amount, code, ref, timeout)
    join ledger_transfers as transfer on transfer.id = leg.id
    join ledger_accounts as debit on debit.no = transfer.debit_account
    join ledger_accounts as credit on credit.no = transfer.credit_account
    where debit.id = leg.debit_id and credit.id = leg.credit_id and debit.ledger = leg.ledger
      and transfer.amount = leg.amount and transfer.code = leg.code
      and coalesce(transfer.reference, '00000000-0000-0000-0000-000000000000') = leg.ref
      and coalesce(transfer.timeout_seconds, -1) = leg.timeout;
  end if;
  return same = cardinality(ids);
end
$$;
`

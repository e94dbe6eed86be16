/**
 * Answers kept with the posts that they belong to: whoever posted a packet's charge can be asked again for what its next
 * hop said. Ids begin with the time until which an answer is kept (`derivedIdAt`), so that what is over is one range.
 * Not compressed: fulfillments are random bytes.
 */
export const keptAnswers = `
create table ledger_kept_answers (
  id uuid primary key,
  answer bytea not null
);
alter table ledger_kept_answers alter column answer set storage external;

create function ledger_drop_answers(until uuid) returns integer language plpgsql volatile as $$
declare
  dropped integer;
begin
  delete from ledger_kept_answers where id < until;
  get diagnostics dropped = row_count;
  return dropped;
end
$$;

drop function ledger_apply_all(uuid[], integer[], integer[], bigint[], integer[], uuid[], bigint[], uuid[], uuid[]);

create function ledger_apply_all(
  ids uuid[], debits integer[], credits integer[], amounts bigint[], codes integer[], refs uuid[], timeouts bigint[],
  posts uuid[], voids uuid[], answered uuid[], answers bytea[]
) returns void language plpgsql volatile as $$
declare
  batch_at timestamptz;
  ended_debits integer[] := '{}';
  ended_credits integer[] := '{}';
  ended_amounts bigint[] := '{}';
  ended_posted bigint[] := '{}';
  fits boolean;
begin
  perform pg_advisory_xact_lock_shared(548856, 1);
  batch_at := ledger_now();

  if cardinality(posts) + cardinality(voids) > 0 then
    with ended as (
      update ledger_transfers
      set state = case when id = any(voids) then 'voided' else 'posted' end
      where id = any(posts || voids) and state = 'pending' and (expires_at is null or expires_at > batch_at)
      returning debit_account, credit_account, amount, case state when 'posted' then amount else 0 end as posted
    )
    select array_agg(debit_account), array_agg(credit_account), array_agg(amount), array_agg(posted)
    into ended_debits, ended_credits, ended_amounts, ended_posted from ended;
    if cardinality(ended_debits) is distinct from cardinality(posts) + cardinality(voids) then
      raise exception 'a reservation of the batch cannot be ended' using errcode = 'KV001';
    end if;
  end if;

  perform 1 from ledger_accounts
  where no = any(debits || credits || ended_debits || ended_credits) order by no for no key update;

  with movements as (
    select side.account, sum(side.debit_posted) as debits_posted, sum(side.debit_pending) as debits_pending,
      sum(side.credit_posted) as credits_posted, sum(side.credit_pending) as credits_pending,
      sum(side.new_debit) as new_debits, sum(side.new_credit) as new_credits
    from (
      select leg.debit as account, case when leg.timeout < 0 then leg.amount else 0 end as debit_posted,
        case when leg.timeout < 0 then 0 else leg.amount end as debit_pending, 0::bigint as credit_posted,
        0::bigint as credit_pending, case when leg.timeout < 0 then leg.amount else 0 end as new_debit,
        0::bigint as new_credit
      from unnest(debits, amounts, timeouts) as leg (debit, amount, timeout)
      union all
      select leg.credit, 0, 0, case when leg.timeout < 0 then leg.amount else 0 end,
        case when leg.timeout < 0 then 0 else leg.amount end, 0, case when leg.timeout < 0 then leg.amount else 0 end
      from unnest(credits, amounts, timeouts) as leg (credit, amount, timeout)
      union all
      select leg.debit, leg.posted, -leg.amount, 0, 0, 0, 0
      from unnest(ended_debits, ended_posted, ended_amounts) as leg (debit, posted, amount)
      union all
      select leg.credit, 0, 0, leg.posted, -leg.amount, 0, 0
      from unnest(ended_credits, ended_posted, ended_amounts) as leg (credit, posted, amount)
    ) as side
    group by side.account
  ), moved as (
    update ledger_accounts as account
    set debits_posted = account.debits_posted + movement.debits_posted,
      debits_pending = account.debits_pending + movement.debits_pending,
      credits_posted = account.credits_posted + movement.credits_posted,
      credits_pending = account.credits_pending + movement.credits_pending
    from movements as movement
    where account.no = movement.account
    returning
      (account.limit_on not in ('debits', 'both')
        or account.debits_posted + account.debits_pending <= account.credits_posted - movement.new_credits)
      and (account.limit_on <> 'credits'
        or account.credits_posted + account.credits_pending <= account.debits_posted - movement.new_debits)
      and (account.maximum is null
        or account.credits_posted + account.credits_pending - account.debits_posted + movement.new_debits
          - account.credit_line <= account.maximum)
      and (account.most_credits is null
        or account.credits_posted + account.credits_pending <= account.most_credits) as within_limits
  )
  select coalesce(bool_and(within_limits), true) into fits from moved;
  if not fits then
    raise exception 'an account of the batch would pass its limits' using errcode = 'KV001';
  end if;

  if cardinality(ids) > 0 then
    insert into ledger_transfers
      (id, debit_account, credit_account, amount, code, reference, created_at, timeout_seconds, expires_at, state)
    select leg.id, leg.debit, leg.credit, leg.amount, leg.code, nullif(leg.ref, '00000000-0000-0000-0000-000000000000'),
      batch_at, nullif(leg.timeout, -1),
      case when leg.timeout > 0 then batch_at + leg.timeout * interval '1 second' end,
      case when leg.timeout < 0 then 'posted' else 'pending' end
    from unnest(ids, debits, credits, amounts, codes, refs, timeouts)
      as leg (id, debit, credit, amount, code, ref, timeout);
  end if;

  if cardinality(answered) > 0 then
    insert into ledger_kept_answers (id, answer) select * from unnest(answered, answers) on conflict do nothing;
  end if;
end
$$;

-- Of posts taken chain by chain: only what stands as posted has an answer.
create function ledger_keep_answers(answered uuid[], answers bytea[]) returns void language sql volatile as $$
  insert into ledger_kept_answers (id, answer)
  select kept.id, kept.answer from unnest(answered, answers) as kept (id, answer)
  join ledger_transfers as transfer on transfer.id = kept.id and transfer.state = 'posted'
  on conflict do nothing
$$;
`

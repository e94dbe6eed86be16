/** One leg, its accounts locked: the refusal, or null when it has been written. 4 is TransferCode.credit. */
export const applyLeg = `
create function ledger_write(
  batch_at timestamptz, new_id uuid, debit_id uuid, credit_id uuid, leg_ledger bigint, leg_amount bigint, leg_code integer,
  leg_reference uuid, leg_timeout bigint
) returns text language plpgsql volatile as $$
declare
  debit ledger_accounts;
  credit ledger_accounts;
  posted bigint := case when leg_timeout < 0 then leg_amount else 0 end;
  pending bigint := case when leg_timeout < 0 then 0 else leg_amount end;
  granted bigint := case when leg_code = 4 then leg_amount else 0 end;
begin
  if exists (select from ledger_transfers where id = new_id) then return 'exists-with-different-content'; end if;
  select * into debit from ledger_accounts where id = debit_id;
  if debit.no is null then return 'unknown-debit-account'; end if;
  select * into credit from ledger_accounts where id = credit_id;
  if credit.no is null then return 'unknown-credit-account'; end if;
  if debit.ledger <> leg_ledger or credit.ledger <> leg_ledger then return 'different-ledgers'; end if;
  if debit.limit_on in ('debits', 'both')
    and debit.debits_posted + debit.debits_pending + leg_amount > debit.credits_posted then
    return 'insufficient-funds';
  end if;
  if credit.limit_on = 'credits'
    and credit.credits_posted + credit.credits_pending + leg_amount > credit.debits_posted then
    return 'insufficient-room';
  end if;
  if granted = 0 and credit.credits_posted + credit.credits_pending + leg_amount - credit.debits_posted
    - credit.credit_line > credit.maximum then
    return 'insufficient-room';
  end if;
  update ledger_accounts set debits_posted = debits_posted + posted, debits_pending = debits_pending + pending,
    credit_line = credit_line - granted
  where no = debit.no;
  update ledger_accounts set credits_posted = credits_posted + posted, credits_pending = credits_pending + pending,
    credit_line = credit_line + granted
  where no = credit.no;
  insert into ledger_transfers
    (id, debit_account, credit_account, amount, code, reference, created_at, timeout_seconds, expires_at, state)
  values (new_id, debit.no, credit.no, leg_amount, leg_code,
    nullif(leg_reference, '00000000-0000-0000-0000-000000000000'), batch_at, nullif(leg_timeout, -1),
    case when leg_timeout > 0 then batch_at + leg_timeout * interval '1 second' end,
    case when leg_timeout < 0 then 'posted' else 'pending' end);
  return null;
end
$$;

create function ledger_end(batch_at timestamptz, verb text, reservation_id uuid) returns text
language plpgsql volatile as $$
declare
  reservation ledger_transfers;
  posted bigint;
begin
  select * into reservation from ledger_transfers where id = reservation_id;
  if reservation.timeout_seconds is null then return 'unknown-reservation'; end if;
  if reservation.state in ('posted', 'voided') then return 'already-' || reservation.state; end if;
  if reservation.state = 'expired' or reservation.expires_at <= batch_at then return 'expired'; end if;
  posted := case verb when 'post' then reservation.amount else 0 end;
  update ledger_transfers set state = case verb when 'post' then 'posted' else 'voided' end where id = reservation_id;
  update ledger_accounts
  set debits_posted = debits_posted + posted, debits_pending = debits_pending - reservation.amount
  where no = reservation.debit_account;
  update ledger_accounts
  set credits_posted = credits_posted + posted, credits_pending = credits_pending - reservation.amount
  where no = reservation.credit_account;
  return null;
end
$$;
`

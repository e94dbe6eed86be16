/**
 * Balances stand on the account row. Totals are numeric, because what an account has moved in its life outgrows 64 bits.
 * The fill factors leave room on the page, so that an update stays there and touches no index. Transfers name accounts by
 * a short number and without a foreign key: rows come from the functions only, which hold the accounts' locks, and a
 * trigger per row would cost a third of the throughput.
 */
export const tables = `
create table ledger_accounts (
  no integer generated always as identity primary key,
  id uuid not null unique,
  ledger bigint not null,
  code integer not null,
  limit_on text not null check (limit_on in ('debits', 'credits', 'both', 'none')),
  debits_posted numeric(39, 0) not null default 0,
  debits_pending numeric(39, 0) not null default 0,
  credits_posted numeric(39, 0) not null default 0,
  credits_pending numeric(39, 0) not null default 0,
  credit_line numeric(39, 0) not null default 0,
  maximum numeric(39, 0)
) with (fillfactor = 20);

create sequence ledger_positions;

create table ledger_transfers (
  id uuid primary key,
  position bigint not null default nextval('ledger_positions'),
  debit_account integer not null,
  credit_account integer not null,
  amount bigint not null check (amount > 0),
  code integer not null,
  reference uuid,
  created_at timestamptz not null,
  timeout_seconds bigint,
  expires_at timestamptz,
  state text not null check (state in ('posted', 'pending', 'voided', 'expired'))
) with (fillfactor = 45);

create index ledger_transfers_debits on ledger_transfers (debit_account, position);
create index ledger_transfers_credits on ledger_transfers (credit_account, position);
create index ledger_transfers_expiry on ledger_transfers (expires_at) where expires_at is not null;

-- Every reservation whose time was up at this moment has been released: where the next search begins.
create table ledger_releases (
  only_row boolean primary key default true check (only_row),
  released_until timestamptz not null
);
insert into ledger_releases (released_until) values (now());
`
